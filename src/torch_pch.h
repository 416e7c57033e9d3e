// SPDX-License-Identifier: Apache-2.0
// The precompiled header of every folder that uses torch: the tensor and autograd headers, which
// cost some ten seconds per source otherwise. torch/torch.h is left out: it is far larger.
#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/types.h>
