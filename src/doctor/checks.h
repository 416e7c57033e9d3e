// SPDX-License-Identifier: Apache-2.0
// What the doctor looks at; one file for each. `device`: cpu or cuda, as choose_device has it. No torch here.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "doctor/report.h"

namespace atelier::doctor {

// cpu or cuda: what auto, cpu or cuda means here. Throws Error.
std::string device_of(const std::string& name);

// Processor, instruction sets, memory, torch, driver, devices: what a report has to say before anything else.
std::vector<std::pair<std::string, std::string>> describe_machine(const std::string& device);

// Each op with its derivatives on the device, in float32 and in the half precision that is used there, against stock
// torch operations on the CPU in double precision.
void check_ops(const std::string& device, const Told& told);

// The seeded noise of the device against the CPU's, bit for bit.
Check check_noise(const std::string& device);

// Pictures of a small random network: the device's against the CPU's, fast ways against the plain network.
void check_pictures(const std::string& device, const Told& told);

// An iteration of training with all phases, on the device against the CPU, from the same weights and random numbers.
void check_training(const std::string& device, const Told& told);

// A picture of the device into a texture, by every way, and read back. Needs a display.
void check_display(const std::string& device, const Told& told);

// Random networks of 64 px and up to `largest`; told after each size.
void measure_speed(const std::string& device, int largest, const std::function<void(const Speed&)>& told);

} // namespace atelier::doctor
