// SPDX-License-Identifier: Apache-2.0
#include "gfx/monitors.h"

#include <algorithm>

#include <fmt/format.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

namespace atelier::gfx {

GLFWmonitor* monitor_under(GLFWwindow* window) {
    int x = 0, y = 0, width = 0, height = 0;
    glfwGetWindowPos(window, &x, &y);
    glfwGetWindowSize(window, &width, &height);
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    GLFWmonitor* best = glfwGetPrimaryMonitor();
    long best_area = -1;
    for (int i = 0; i < count; ++i) {
        int mx = 0, my = 0;
        glfwGetMonitorPos(monitors[i], &mx, &my);
        const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
        if (!mode)
            continue;
        const long overlap_x = std::min(x + width, mx + mode->width) - std::max(x, mx);
        const long overlap_y = std::min(y + height, my + mode->height) - std::max(y, my);
        const long area = std::max(0L, overlap_x) * std::max(0L, overlap_y);
        if (area > best_area) {
            best_area = area;
            best = monitors[i];
        }
    }
    return best;
}

std::vector<Monitor> list_monitors(GLFWwindow* window) {
    std::vector<Monitor> monitors;
    GLFWmonitor* ours = monitor_under(window);
    int count = 0;
    GLFWmonitor** handles = glfwGetMonitors(&count);
    for (int i = 0; i < count; ++i) {
        const GLFWvidmode* mode = glfwGetVideoMode(handles[i]);
        if (!mode)
            continue;
        const char* name = glfwGetMonitorName(handles[i]);
        Monitor monitor{fmt::format("{}, {}x{}", name && *name ? name : "Monitor", mode->width, mode->height),
                        mode->width, mode->height, handles[i] == ours, handles[i]};
        const std::string label = monitor.label;
        const auto taken = [&](const Monitor& other) { return other.label == monitor.label; };
        for (int n = 2; std::any_of(monitors.begin(), monitors.end(), taken); ++n)
            monitor.label = fmt::format("{} ({})", label, n);
        monitors.push_back(std::move(monitor));
    }
    return monitors;
}

} // namespace atelier::gfx
