// SPDX-License-Identifier: Apache-2.0
#include "io/foreign_globals.h"

#include <algorithm>
#include <array>
#include <string>

namespace atelier::io {

namespace {

using Name = std::pair<std::string_view, std::string_view>;

// Python's own modules by their first part, those of older versions too, and what runs things for other people's code.
// Sorted by bytes. Private modules, which begin with an underscore, count as Python's own without standing here.
constexpr std::array<std::string_view, 240> of_python{{"IPython",
                                                       "abc",
                                                       "aifc",
                                                       "antigravity",
                                                       "argparse",
                                                       "array",
                                                       "ast",
                                                       "asynchat",
                                                       "asyncio",
                                                       "asyncore",
                                                       "atexit",
                                                       "audioop",
                                                       "base64",
                                                       "bdb",
                                                       "binascii",
                                                       "bisect",
                                                       "builtins",
                                                       "bz2",
                                                       "cPickle",
                                                       "cProfile",
                                                       "cStringIO",
                                                       "calendar",
                                                       "cffi",
                                                       "cgi",
                                                       "cgitb",
                                                       "chunk",
                                                       "cloudpickle",
                                                       "cmath",
                                                       "cmd",
                                                       "code",
                                                       "codecs",
                                                       "codeop",
                                                       "collections",
                                                       "colorsys",
                                                       "commands",
                                                       "compileall",
                                                       "concurrent",
                                                       "configparser",
                                                       "contextlib",
                                                       "contextvars",
                                                       "copy",
                                                       "copy_reg",
                                                       "copyreg",
                                                       "crypt",
                                                       "csv",
                                                       "ctypes",
                                                       "curses",
                                                       "dataclasses",
                                                       "datetime",
                                                       "dbm",
                                                       "decimal",
                                                       "difflib",
                                                       "dill",
                                                       "dis",
                                                       "distutils",
                                                       "doctest",
                                                       "email",
                                                       "encodings",
                                                       "ensurepip",
                                                       "enum",
                                                       "errno",
                                                       "exceptions",
                                                       "fabric",
                                                       "faulthandler",
                                                       "fcntl",
                                                       "filecmp",
                                                       "fileinput",
                                                       "fnmatch",
                                                       "fractions",
                                                       "ftplib",
                                                       "functools",
                                                       "gc",
                                                       "genericpath",
                                                       "getopt",
                                                       "getpass",
                                                       "gettext",
                                                       "glob",
                                                       "graphlib",
                                                       "grp",
                                                       "gzip",
                                                       "hashlib",
                                                       "heapq",
                                                       "hmac",
                                                       "html",
                                                       "http",
                                                       "idlelib",
                                                       "imaplib",
                                                       "imghdr",
                                                       "imp",
                                                       "importlib",
                                                       "inspect",
                                                       "invoke",
                                                       "io",
                                                       "ipaddress",
                                                       "itertools",
                                                       "joblib",
                                                       "json",
                                                       "keyword",
                                                       "lib2to3",
                                                       "linecache",
                                                       "locale",
                                                       "logging",
                                                       "lzma",
                                                       "mailbox",
                                                       "mailcap",
                                                       "marshal",
                                                       "math",
                                                       "mimetypes",
                                                       "mmap",
                                                       "modulefinder",
                                                       "msilib",
                                                       "msvcrt",
                                                       "multiprocessing",
                                                       "netrc",
                                                       "nis",
                                                       "nntplib",
                                                       "nt",
                                                       "ntpath",
                                                       "nturl2path",
                                                       "numbers",
                                                       "opcode",
                                                       "operator",
                                                       "optparse",
                                                       "os",
                                                       "ossaudiodev",
                                                       "paramiko",
                                                       "pathlib",
                                                       "pdb",
                                                       "pexpect",
                                                       "pickle",
                                                       "pickletools",
                                                       "pip",
                                                       "pipes",
                                                       "pkg_resources",
                                                       "pkgutil",
                                                       "platform",
                                                       "plistlib",
                                                       "plumbum",
                                                       "popen2",
                                                       "poplib",
                                                       "posix",
                                                       "posixpath",
                                                       "pprint",
                                                       "profile",
                                                       "pstats",
                                                       "pty",
                                                       "pwd",
                                                       "py",
                                                       "py_compile",
                                                       "pyclbr",
                                                       "pydoc",
                                                       "pydoc_data",
                                                       "pyexpat",
                                                       "pytest",
                                                       "queue",
                                                       "quopri",
                                                       "random",
                                                       "re",
                                                       "readline",
                                                       "reprlib",
                                                       "resource",
                                                       "rlcompleter",
                                                       "runpy",
                                                       "sched",
                                                       "secrets",
                                                       "select",
                                                       "selectors",
                                                       "setuptools",
                                                       "sh",
                                                       "shelve",
                                                       "shlex",
                                                       "shutil",
                                                       "signal",
                                                       "site",
                                                       "smtpd",
                                                       "smtplib",
                                                       "sndhdr",
                                                       "socket",
                                                       "socketserver",
                                                       "spwd",
                                                       "sqlite3",
                                                       "sre_compile",
                                                       "sre_constants",
                                                       "sre_parse",
                                                       "ssl",
                                                       "stat",
                                                       "statistics",
                                                       "string",
                                                       "stringprep",
                                                       "struct",
                                                       "subprocess",
                                                       "sunau",
                                                       "symtable",
                                                       "sys",
                                                       "sysconfig",
                                                       "syslog",
                                                       "tabnanny",
                                                       "tarfile",
                                                       "telnetlib",
                                                       "tempfile",
                                                       "termios",
                                                       "textwrap",
                                                       "this",
                                                       "threading",
                                                       "time",
                                                       "timeit",
                                                       "tkinter",
                                                       "token",
                                                       "tokenize",
                                                       "tomllib",
                                                       "trace",
                                                       "traceback",
                                                       "tracemalloc",
                                                       "tty",
                                                       "turtle",
                                                       "turtledemo",
                                                       "types",
                                                       "typing",
                                                       "unicodedata",
                                                       "unittest",
                                                       "urllib",
                                                       "urllib2",
                                                       "uu",
                                                       "uuid",
                                                       "venv",
                                                       "warnings",
                                                       "wave",
                                                       "weakref",
                                                       "webbrowser",
                                                       "winreg",
                                                       "winsound",
                                                       "wsgiref",
                                                       "xdrlib",
                                                       "xml",
                                                       "xmlrpc",
                                                       "zipapp",
                                                       "zipfile",
                                                       "zipimport",
                                                       "zlib",
                                                       "zoneinfo"}};

// What of Python's own is a plain value, or makes one.
constexpr std::array<Name, 48> plain_values{{
    {"argparse", "Namespace"},
    {"builtins", "bool"},
    {"builtins", "bytearray"},
    {"builtins", "bytes"},
    {"builtins", "complex"},
    {"builtins", "dict"},
    {"builtins", "float"},
    {"builtins", "frozenset"},
    {"builtins", "int"},
    {"builtins", "list"},
    {"builtins", "object"},
    {"builtins", "range"},
    {"builtins", "set"},
    {"builtins", "slice"},
    {"builtins", "str"},
    {"builtins", "tuple"},
    {"__builtin__", "bytearray"},
    {"__builtin__", "complex"},
    {"__builtin__", "dict"},
    {"__builtin__", "float"},
    {"__builtin__", "frozenset"},
    {"__builtin__", "int"},
    {"__builtin__", "list"},
    {"__builtin__", "long"},
    {"__builtin__", "object"},
    {"__builtin__", "set"},
    {"__builtin__", "slice"},
    {"__builtin__", "str"},
    {"__builtin__", "tuple"},
    {"__builtin__", "unicode"},
    {"__builtin__", "xrange"},
    {"collections", "Counter"},
    {"collections", "OrderedDict"},
    {"collections", "defaultdict"},
    {"collections", "deque"},
    {"datetime", "date"},
    {"datetime", "datetime"},
    {"datetime", "time"},
    {"datetime", "timedelta"},
    {"datetime", "timezone"},
    {"decimal", "Decimal"},
    {"fractions", "Fraction"},
    {"functools", "partial"},
    {"types", "SimpleNamespace"},
    {"uuid", "UUID"},
    {"uuid", "SafeUUID"},
    {"zoneinfo", "ZoneInfo"},
    {"_codecs", "encode"},
}};

constexpr std::array<std::string_view, 6> paths{"Path",          "PosixPath",       "PurePath",
                                                "PurePosixPath", "PureWindowsPath", "WindowsPath"};

// Functions with small letters by which values are stored.
constexpr std::array<Name, 12> makers{{
    {"numpy", "dtype"},
    {"numpy", "ndarray"},
    {"numpy.random._pickle", "__bit_generator_ctor"},
    {"numpy.random._pickle", "__generator_ctor"},
    {"numpy.random._pickle", "__randomstate_ctor"},
    {"torch", "device"},
    {"torch", "dtype"},
    {"torch._utils", "_rebuild_device_tensor_from_numpy"},
    {"torch._utils", "_rebuild_parameter_with_state"},
    {"torch._utils", "_rebuild_tensor"},
    {"torch._tensor", "_rebuild_from_type_v2"},
    {"torch.serialization", "_get_layout"},
}};

bool is_identifier(std::string_view text) {
    return !text.empty() && text.size() <= 200 && (text.front() < '0' || text.front() > '9') &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
           });
}

bool is_module(std::string_view module) {
    for (;;) {
        const std::size_t dot = module.find('.');
        if (!is_identifier(module.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        module.remove_prefix(dot + 1);
    }
}

bool is_of_python(std::string_view module) {
    const std::string_view root = module.substr(0, module.find('.'));
    return root.starts_with('_') || std::binary_search(of_python.begin(), of_python.end(), root);
}

bool is_plain_value(std::string_view module, std::string_view name) {
    const bool path = (module == "pathlib" || module == "pathlib._local") &&
                      std::find(paths.begin(), paths.end(), name) != paths.end();
    return path || std::find(plain_values.begin(), plain_values.end(), Name{module, name}) != plain_values.end();
}

} // namespace

bool foreign_may_stand(std::string_view module, std::string_view name) {
    if (!is_module(module) || !is_identifier(name)) {
        return false;
    }
    // __main__ is the script that a model was saved from.
    return module == "__main__" || !is_of_python(module) || is_plain_value(module, name);
}

bool foreign_may_be_called(std::string_view module, std::string_view name) {
    if (!foreign_may_stand(module, name)) {
        return false;
    }
    const bool capital = name.front() >= 'A' && name.front() <= 'Z';
    return capital || is_plain_value(module, name) ||
           std::find(makers.begin(), makers.end(), Name{module, name}) != makers.end();
}

} // namespace atelier::io
