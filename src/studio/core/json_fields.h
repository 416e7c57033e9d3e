// SPDX-License-Identifier: Apache-2.0
// JsonFields: reads what is right of an object and notes what is not, so that one wrong field costs no other.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/path_text.h"

namespace atelier::studio {

class JsonFields {
public:
    // `wrong` takes the names of the fields that are of another kind than they are written as; null: nobody asks.
    explicit JsonFields(const nlohmann::json& object, std::vector<std::string>* wrong = nullptr)
        : object_(object), wrong_(wrong) {}

    // What is missing or wrong keeps its value. Texts may hold file names: they are read by bytes_of_text.
    template <class T> void take(const char* name, T& value) const {
        const auto found = object_.find(name);
        if (found == object_.end())
            return;
        try {
            value = bytes_in(found->template get<T>());
        } catch (const nlohmann::json::exception&) {
            note(name);
        }
    }

    // The object of that name; null where there is none.
    const nlohmann::json* inside(const char* name) const {
        const auto found = object_.find(name);
        if (found == object_.end())
            return nullptr;
        if (!found->is_object())
            note(name);
        return found->is_object() ? &*found : nullptr;
    }

    void note(const std::string& name) const {
        if (wrong_)
            wrong_->push_back(name);
    }

private:
    template <class T> static T bytes_in(T value) { return value; }
    static std::string bytes_in(const std::string& value) { return bytes_of_text(value); }
    static std::vector<std::string> bytes_in(std::vector<std::string> value) {
        for (std::string& each : value)
            each = bytes_of_text(each);
        return value;
    }

    const nlohmann::json& object_;
    std::vector<std::string>* wrong_;
};

} // namespace atelier::studio
