# SPDX-License-Identifier: Apache-2.0
"""StyleGAN2-ADA's networks in plain PyTorch, under the names of modules and attributes that pickles of the public code
use; written for the tests of our own files from the papers and the list of attributes. Nothing can be constructed here:
objects get all they are from a pickle."""
import torch
import torch.nn.functional as F
from torch_utils.persistence import persistent_class

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": torch.relu,
    "lrelu": lambda x: F.leaky_relu(x, 0.2),
    "swish": lambda x: torch.sigmoid(x) * x,
}


def unit(x):
    return x * (x.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()


def square(f):
    return f if f.ndim == 2 else f.outer(f)


def filtered(x, f, pad, gain=1.0, up=1, down=1):
    """Zeros between the pixels, padding (left, right), convolution with f, every `down`th pixel."""
    n, c, h, w = x.shape
    if up > 1:
        wide = x.new_zeros(n, c, h, up, w, up)
        wide[:, :, :, 0, :, 0] = x
        x = wide.reshape(n, c, h * up, w * up)
    x = F.pad(x, [pad[0], pad[1], pad[0], pad[1]])
    kernel = (square(f) * gain).flip([0, 1])[None, None].repeat(c, 1, 1, 1)
    return F.conv2d(x, kernel, groups=c)[:, :, ::down, ::down]


def doubled(x, f):
    taps = square(f).shape[0]
    return filtered(x, f, ((taps + 1) // 2, (taps - 2) // 2), gain=4.0, up=2)


def finished(x, activation, gain, clamp):
    x = ACTIVATIONS[activation](x) * gain
    return x if clamp is None else x.clamp(-clamp, clamp)


@persistent_class
class FullyConnectedLayer(torch.nn.Module):
    def forward(self, x):
        bias = None if self.bias is None else self.bias * self.bias_gain
        x = F.linear(x, self.weight * self.weight_gain, bias)
        return ACTIVATIONS[self.activation](x) * (1.0 if self.activation == "linear" else 2**0.5)


@persistent_class
class Conv2dLayer(torch.nn.Module):
    def forward(self, x, gain=1.0):
        weight = self.weight * self.weight_gain
        taps = square(self.resample_filter).shape[0]
        if self.up == 2:
            x = doubled(F.conv2d(x, weight), self.resample_filter)
        elif self.down == 2:
            pad = (self.padding + (taps - 1) // 2, self.padding + (taps - 2) // 2)
            x = F.conv2d(filtered(x, self.resample_filter, pad), weight, stride=2)
        else:
            x = F.conv2d(x, weight, padding=self.padding)
        x = x if self.bias is None else x + self.bias[None, :, None, None]
        return finished(x, self.activation, self.act_gain * gain, None if self.conv_clamp is None else self.conv_clamp * gain)


@persistent_class
class SynthesisLayer(torch.nn.Module):
    def forward(self, x, w, gain=1.0):
        styles = self.affine(w)
        x = x * styles[:, :, None, None]
        if self.up == 2:
            taps = square(self.resample_filter).shape[0]
            x = F.conv_transpose2d(x, self.weight.transpose(0, 1), stride=2)
            x = filtered(x, self.resample_filter, ((taps + 1) // 2 - 1, (taps - 2) // 2), gain=4.0)
        else:
            x = F.conv2d(x, self.weight, padding=self.padding)
        norms = (styles.square() @ self.weight.square().sum([2, 3]).t() + 1e-8).rsqrt()
        x = x * norms[:, :, None, None]
        if self.use_noise:
            x = x + self.noise_const * self.noise_strength
        assert x.shape[2] == self.resolution
        x = x + self.bias[None, :, None, None]
        return finished(x, self.activation, self.act_gain * gain, None if self.conv_clamp is None else self.conv_clamp * gain)


@persistent_class
class ToRGBLayer(torch.nn.Module):
    def forward(self, x, w):
        styles = self.affine(w) * self.weight_gain
        x = F.conv2d(x * styles[:, :, None, None], self.weight) + self.bias[None, :, None, None]
        return finished(x, "linear", 1.0, self.conv_clamp)


@persistent_class
class SynthesisBlock(torch.nn.Module):
    def forward(self, x, img, ws):
        ws = iter(ws.unbind(dim=1))
        if self.in_channels == 0:
            x = self.conv1(self.const[None].repeat(self.batch, 1, 1, 1), next(ws))
        elif self.architecture == "resnet":
            y = self.skip(x, gain=0.5**0.5)
            x = y + self.conv1(self.conv0(x, next(ws)), next(ws), gain=0.5**0.5)
        else:
            x = self.conv1(self.conv0(x, next(ws)), next(ws))
        if img is not None:
            img = doubled(img, self.resample_filter)
        if self.is_last or self.architecture == "skip":
            y = self.torgb(x, next(ws))
            img = y if img is None else img + y
        return x, img


@persistent_class
class SynthesisNetwork(torch.nn.Module):
    def forward(self, ws):
        assert ws.shape[1:] == (self.num_ws, self.w_dim)
        x = img = None
        at = 0
        for res in self.block_resolutions:
            block = getattr(self, f"b{res}")
            block.batch = ws.shape[0]
            x, img = block(x, img, ws[:, at : at + block.num_conv + block.num_torgb])
            at += block.num_conv
        assert img.shape[1:] == (self.img_channels, self.img_resolution, self.img_resolution)
        return img


@persistent_class
class MappingNetwork(torch.nn.Module):
    def forward(self, z, c, truncation_psi=1.0):
        parts = [unit(z)] if self.z_dim > 0 else []
        if self.c_dim > 0:
            parts.append(unit(self.embed(c)))
        x = torch.cat(parts, dim=1)
        for i in range(self.num_layers):
            x = getattr(self, f"fc{i}")(x)
        if self.num_ws is None:
            return x
        x = x[:, None].repeat(1, self.num_ws, 1)
        return x if truncation_psi == 1 else self.w_avg.lerp(x, truncation_psi)


@persistent_class
class Generator(torch.nn.Module):
    def forward(self, z, c, truncation_psi=1.0):
        return self.synthesis(self.mapping(z, c, truncation_psi))


@persistent_class
class MinibatchStdLayer(torch.nn.Module):
    def forward(self, x):
        n, c, h, w = x.shape
        group = n if self.group_size is None else min(self.group_size, n)
        y = x.reshape(group, n // group, self.num_channels, c // self.num_channels, h, w)
        y = ((y - y.mean(0)).square().mean(0) + 1e-8).sqrt().mean([2, 3, 4])
        return torch.cat([x, y[:, :, None, None].repeat(group, 1, h, w)], dim=1)


@persistent_class
class DiscriminatorBlock(torch.nn.Module):
    def forward(self, x, img):
        if self.in_channels == 0 or self.architecture == "skip":
            y = self.fromrgb(img)
            x = y if x is None else x + y
        if self.architecture == "skip":
            taps = square(self.resample_filter).shape[0]
            img = filtered(img, self.resample_filter, ((taps - 1) // 2, (taps - 2) // 2), down=2)
        if self.architecture == "resnet":
            y = self.skip(x, gain=0.5**0.5)
            return y + self.conv1(self.conv0(x), gain=0.5**0.5), img
        return self.conv1(self.conv0(x)), img


@persistent_class
class DiscriminatorEpilogue(torch.nn.Module):
    def forward(self, x, img, cmap):
        assert x.shape[1:] == (self.in_channels, self.resolution, self.resolution)
        if self.architecture == "skip":
            x = x + self.fromrgb(img)
        if self.mbstd is not None:
            x = self.mbstd(x)
        x = self.out(self.fc(self.conv(x).flatten(1)))
        return x if self.cmap_dim == 0 else (x * cmap).sum(dim=1, keepdim=True) / self.cmap_dim**0.5


@persistent_class
class Discriminator(torch.nn.Module):
    def forward(self, img, c):
        x = None
        picture = img
        for res in self.block_resolutions:
            x, picture = getattr(self, f"b{res}")(x, picture)
        cmap = self.mapping(None, c) if self.c_dim > 0 else None
        return self.b4(x, picture, cmap)
