# SPDX-License-Identifier: Apache-2.0
"""What the public code does with its pickles, as far as a reader of ours has to know it: each object carries the source
of its module, which is run, and a class of it is given the state. Own words; nothing is copied."""
import sys
import types

_sources = {}


def is_persistent(cls):
    return getattr(cls, "_is_persistent", False)


def persistent_class(cls):
    assert isinstance(cls, type)
    if is_persistent(cls):
        return cls
    assert cls.__module__ in sys.modules
    return type(cls.__name__, (cls,), {"_is_persistent": True, "__module__": cls.__module__})


def _module_of(source):
    if source not in _sources:
        module = types.ModuleType("_imported_module_%d" % len(_sources))
        sys.modules[module.__name__] = module
        _sources[source] = module
        exec(source, module.__dict__)
    return _sources[source]


def _reconstruct_persistent_obj(meta):
    assert meta["type"] == "class" and meta["version"] == 6
    cls = persistent_class(_module_of(meta["module_src"]).__dict__[meta["class_name"]])
    thing = cls.__new__(cls)
    thing.__setstate__(meta["state"])
    return thing
