// SPDX-License-Identifier: Apache-2.0
// The monitors that the window system names. For the UI thread, while a Window exists.
#pragma once

#include <string>
#include <vector>

struct GLFWmonitor;
struct GLFWwindow;

namespace atelier::gfx {

struct Monitor {
    std::string label; // name and size, "HDMI-1, 1920x1080"; of several alike the second ends in " (2)"
    int width = 0;     // of its present mode
    int height = 0;
    bool holds_window = false; // the asker's, or most of it
    GLFWmonitor* handle = nullptr;
};

// The primary one first. Empty when all are unplugged. Asks the window system, which takes a moment.
std::vector<Monitor> list_monitors(GLFWwindow* window);

// The monitor that holds most of the window; the primary one if none does; null without monitors.
GLFWmonitor* monitor_under(GLFWwindow* window);

} // namespace atelier::gfx
