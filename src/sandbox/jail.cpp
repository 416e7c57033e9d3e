// SPDX-License-Identifier: Apache-2.0
#include "sandbox/jail.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <utility>

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace atelier::sandbox {
namespace {

class Rules {
public:
    // What isn't named here fails as if the kernel did not permit it.
    Rules() : filter_(seccomp_init(SCMP_ACT_ERRNO(EPERM))) { failed_ = filter_ == nullptr ? ENOMEM : 0; }
    ~Rules() { seccomp_release(filter_); }
    Rules(const Rules&) = delete;
    Rules& operator=(const Rules&) = delete;

    // By the names of any processor: those that this one doesn't have drop out.
    void add(std::uint32_t action, const char* name, std::initializer_list<scmp_arg_cmp> conditions = {}) {
        const int call = seccomp_syscall_resolve_name(name);
        if (failed_ == 0 && call != __NR_SCMP_ERROR) {
            const int result = seccomp_rule_add_array(filter_, action, call, static_cast<unsigned>(conditions.size()),
                                                      conditions.begin());
            failed_ = result == 0 || result == -EDOM ? 0 : -result;
        }
    }
    void allow(std::initializer_list<const char*> calls) { each(SCMP_ACT_ALLOW, calls); }
    void kill(std::initializer_list<const char*> calls) { each(SCMP_ACT_KILL_PROCESS, calls); }

    int load() {
        if (failed_ == 0) {
            seccomp_attr_set(filter_, SCMP_FLTATR_CTL_TSYNC, 1);
            failed_ = -seccomp_load(filter_); // says no_new_privs first
        }
        return failed_;
    }

private:
    void each(std::uint32_t action, std::initializer_list<const char*> calls) {
        for (const char* call : calls) {
            add(action, call);
        }
    }

    scmp_filter_ctx filter_;
    int failed_ = 0;
};

// Of the call's argument with that number, from 0 on.
scmp_arg_cmp argument(unsigned number, scmp_compare how, std::uint64_t value) {
    return {number, how, value, 0};
}

scmp_arg_cmp bits(unsigned number, std::uint64_t mask, std::uint64_t value) {
    return {number, SCMP_CMP_MASKED_EQ, mask, value};
}

void computing(Rules& rules) {
    rules.allow({"read",
                 "readv",
                 "pread64",
                 "preadv",
                 "lseek",
                 "_llseek",
                 "fstat",
                 "fstat64",
                 "newfstatat",
                 "fstatat64",
                 "close",
                 "munmap",
                 "mremap",
                 "brk",
                 "madvise",
                 "futex",
                 "futex_time64",
                 "rt_sigprocmask",
                 "rt_sigaction",
                 "rt_sigreturn",
                 "sigreturn",
                 "sigaltstack",
                 "clock_gettime",
                 "clock_gettime64",
                 "clock_nanosleep",
                 "clock_nanosleep_time64",
                 "nanosleep",
                 "gettimeofday",
                 "time",
                 "getpid",
                 "gettid",
                 "exit",
                 "exit_group",
                 "set_robust_list",
                 "rseq",
                 "sched_yield",
                 "sched_getaffinity",
                 "getcpu",
                 "getrandom",
                 "recvmsg",
                 "poll",
                 "ppoll",
                 "ppoll_time64",
                 "membarrier",
                 "restart_syscall",
                 "set_tid_address",
                 "arch_prctl",
                 "uname"});
    // Memory to compute in, never to run.
    for (const char* map : {"mmap", "mmap2", "mprotect"}) {
        rules.add(SCMP_ACT_ALLOW, map, {bits(2, PROT_EXEC, 0)});
    }
    rules.add(SCMP_ACT_ALLOW, "fcntl", {argument(1, SCMP_CMP_EQ, F_GETFL)});
    rules.add(SCMP_ACT_ALLOW, "prctl", {argument(0, SCMP_CMP_EQ, PR_SET_NAME)});
    rules.add(SCMP_ACT_ALLOW, "prlimit64", {argument(0, SCMP_CMP_EQ, 0), argument(2, SCMP_CMP_EQ, 0)}); // asks only
    rules.add(SCMP_ACT_ALLOW, "tgkill", {argument(0, SCMP_CMP_EQ, static_cast<std::uint64_t>(getpid()))});
    // Threads, but no processes. clone3 keeps its flags where no filter can see them: libc falls back to clone.
    rules.add(SCMP_ACT_ALLOW, "clone", {bits(0, CLONE_THREAD, CLONE_THREAD)});
    rules.add(SCMP_ACT_ERRNO(ENOSYS), "clone3");
}

void talking(Rules& rules, int socket) {
    const auto its = static_cast<std::uint64_t>(socket);
    rules.add(SCMP_ACT_ALLOW, "sendmsg", {argument(0, SCMP_CMP_EQ, its)});
    rules.add(SCMP_ACT_KILL_PROCESS, "sendmsg", {argument(0, SCMP_CMP_NE, its)});
    // What libraries grumble goes to /dev/null.
    for (const char* write : {"write", "writev"}) {
        rules.add(SCMP_ACT_ALLOW, write, {argument(0, SCMP_CMP_LE, 2)});
        rules.add(SCMP_ACT_KILL_PROCESS, write, {argument(0, SCMP_CMP_GT, 2)});
    }
}

// Nothing that reads a picture does any of this by itself.
void attacks(Rules& rules) {
    rules.kill({"socket",
                "socketpair",
                "connect",
                "bind",
                "listen",
                "accept",
                "accept4",
                "sendto",
                "sendmmsg",
                "execve",
                "execveat",
                "fork",
                "vfork",
                "ptrace",
                "process_vm_readv",
                "process_vm_writev",
                "kill",
                "tkill",
                "unlink",
                "unlinkat",
                "rename",
                "renameat",
                "renameat2",
                "mkdir",
                "mkdirat",
                "rmdir",
                "link",
                "linkat",
                "symlink",
                "symlinkat",
                "mknod",
                "mknodat",
                "chmod",
                "fchmod",
                "fchmodat",
                "chown",
                "fchown",
                "fchownat",
                "lchown",
                "truncate",
                "ftruncate",
                "pwrite64",
                "pwritev",
                "pwritev2",
                "creat",
                "mount",
                "umount2",
                "chroot",
                "pivot_root",
                "setns",
                "unshare",
                "bpf",
                "keyctl",
                "add_key",
                "request_key",
                "io_uring_setup",
                "userfaultfd",
                "perf_event_open",
                "memfd_create",
                "sendfile",
                "splice",
                "copy_file_range"});
    rules.add(SCMP_ACT_KILL_PROCESS, "clone", {bits(0, CLONE_THREAD, 0)});
    for (const auto& [open, flags] : {std::pair("open", 1U), std::pair("openat", 2U)}) {
        rules.add(SCMP_ACT_KILL_PROCESS, open, {bits(flags, O_ACCMODE, O_WRONLY)});
        rules.add(SCMP_ACT_KILL_PROCESS, open, {bits(flags, O_ACCMODE, O_RDWR)});
        rules.add(SCMP_ACT_KILL_PROCESS, open, {bits(flags, O_CREAT, O_CREAT)});
    }
}

std::uint64_t mapped_now() {
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

bool limit(int what, std::uint64_t most) {
    const rlimit both{most, most};
    return ::setrlimit(static_cast<__rlimit_resource>(what), &both) == 0;
}

} // namespace

std::string enter_jail(int socket, std::uint64_t memory) {
#ifndef ATELIER_SANITIZED // a sanitizer's own tables take terabytes of addresses
    if (!limit(RLIMIT_AS, mapped_now() + memory)) {
        return std::string("memory can't be limited (") + std::strerror(errno) + ")";
    }
#else
    static_cast<void>(mapped_now);
    static_cast<void>(memory);
#endif
    if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_NOFILE, 32)) {
        return std::string("limits can't be set (") + std::strerror(errno) + ")";
    }
    ::prctl(PR_SET_DUMPABLE, 0);
    Rules rules;
    computing(rules);
    talking(rules, socket);
    attacks(rules);
    const int error = rules.load();
    return error == 0 ? "" : std::string("the kernel takes no filter of system calls (") + std::strerror(error) + ")";
}

} // namespace atelier::sandbox
