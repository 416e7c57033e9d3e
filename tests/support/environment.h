// SPDX-License-Identifier: Apache-2.0
// Environment: a variable of the environment, set while it lives.
#pragma once

#include <cstdlib>
#include <string>

namespace atelier::test {

class Environment {
public:
    Environment(const char* name, const std::string& value) : name_(name) {
        if (const char* before = std::getenv(name)) {
            before_ = before;
        }
        setenv(name, value.c_str(), 1);
    }
    ~Environment() { before_.empty() ? unsetenv(name_) : setenv(name_, before_.c_str(), 1); }

private:
    const char* name_;
    std::string before_;
};

} // namespace atelier::test
