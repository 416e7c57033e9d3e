# SPDX-License-Identifier: Apache-2.0
"""A dictionary whose entries are attributes too, under the name that pickles of the public code ask for."""


class EasyDict(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)

    def __setattr__(self, name, value):
        self[name] = value
