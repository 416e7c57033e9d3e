// SPDX-License-Identifier: Apache-2.0
#include "crash/stack_names.h"

#include <cstring>
#include <initializer_list>

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

namespace atelier::crash {
namespace {

struct Walk {
    StackFrame* frames;
    int most;
    std::uintptr_t from; // the instruction that crashed
    int count = 0;
    bool behind = false; // the handler's own frames
};

_Unwind_Reason_Code take_frame(_Unwind_Context* context, void* with) {
    Walk& walk = *static_cast<Walk*>(with);
    int before = 0;
    const std::uintptr_t at = _Unwind_GetIPInfo(context, &before);
    if (before != 0 && (!walk.behind || at == walk.from)) { // the handler's own frames go
        walk.behind = true;
        walk.count = 0;
    }
    if (at == 0 && walk.count > 0)
        return _URC_END_OF_STACK;
    if (walk.count == walk.most)
        return _URC_END_OF_STACK;
    walk.frames[walk.count++].address = before != 0 || at == 0 ? at : at - 1;
    return _URC_NO_REASON;
}

// Of the interrupted instruction, and what lies on top of its stack: where a call of a wrong address came from.
struct Interrupted {
    std::uintptr_t at = 0, stack = 0;
};
Interrupted interrupted(const Crash& crash) {
    const auto* context = static_cast<const ucontext_t*>(crash.context);
    if (context == nullptr)
        return {};
#if defined(__x86_64__)
    return {static_cast<std::uintptr_t>(context->uc_mcontext.gregs[REG_RIP]),
            static_cast<std::uintptr_t>(context->uc_mcontext.gregs[REG_RSP])};
#elif defined(__aarch64__)
    return {context->uc_mcontext.pc, 0};
#else
    return {};
#endif
}

// One line after the other, without its end.
class Lines {
public:
    explicit Lines(int fd) : fd_(fd) {}
    const char* next() {
        std::size_t n = 0;
        for (char c = 0; (c = byte()) != 0 && c != '\n';) {
            if (n + 1 < sizeof line_)
                line_[n++] = c;
        }
        line_[n] = 0;
        return n > 0 ? line_ : nullptr;
    }

private:
    char byte() {
        if (at_ == have_) {
            have_ = read(fd_, block_, sizeof block_);
            at_ = 0;
        }
        return have_ > 0 ? block_[at_++] : '\0';
    }
    int fd_;
    ssize_t at_ = 0, have_ = 0;
    char block_[4096];
    char line_[1200];
};

std::uint64_t read_hex(const char*& at) {
    std::uint64_t value = 0;
    for (;; ++at) {
        const char c = *at;
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return value;
        value = value << 4 | static_cast<std::uint64_t>(digit);
    }
}

// A file in memory, as long as this stands.
class Mapped {
public:
    explicit Mapped(const char* file) {
        const int fd = open(file, O_RDONLY | O_CLOEXEC);
        struct stat facts {};
        if (fd >= 0 && fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0) {
            bytes_ = static_cast<std::size_t>(facts.st_size);
            data_ = mmap(nullptr, bytes_, PROT_READ, MAP_PRIVATE, fd, 0);
        }
        if (fd >= 0)
            close(fd);
    }
    ~Mapped() {
        if (data_ != MAP_FAILED)
            munmap(data_, bytes_);
    }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;

    // `count` of T from that byte on; null where the file has no such.
    template <class T> const T* at(std::uint64_t from, std::uint64_t count = 1) const {
        if (data_ == MAP_FAILED || from > bytes_ || count > (bytes_ - from) / sizeof(T) || from % alignof(T) != 0)
            return nullptr;
        return reinterpret_cast<const T*>(static_cast<const char*>(data_) + from);
    }

private:
    void* data_ = MAP_FAILED;
    std::size_t bytes_ = 0;
};

void take_build(const Mapped& file, const Elf64_Phdr& part, PlaceInFile& place) {
    for (std::uint64_t at = part.p_offset; at + sizeof(Elf64_Nhdr) <= part.p_offset + part.p_filesz;) {
        const auto* note = file.at<Elf64_Nhdr>(at);
        if (note == nullptr)
            return;
        const std::uint64_t text = at + sizeof *note + ((note->n_namesz + 3U) & ~3U);
        const auto* id = file.at<unsigned char>(text, note->n_descsz);
        if (note->n_type == NT_GNU_BUILD_ID && id != nullptr && note->n_descsz <= 20) {
            for (unsigned i = 0; i < note->n_descsz; ++i) {
                place.build[2 * i] = "0123456789abcdef"[id[i] >> 4];
                place.build[2 * i + 1] = "0123456789abcdef"[id[i] & 15];
            }
            return;
        }
        at = text + ((note->n_descsz + 3U) & ~3U);
    }
}

// The nearest one before the place that reaches over it.
void take_symbol(const Mapped& file, const Elf64_Shdr& table, const Elf64_Shdr& names, PlaceInFile& place) {
    const std::uint64_t count = table.sh_size / sizeof(Elf64_Sym);
    const auto* all = file.at<Elf64_Sym>(table.sh_offset, count);
    const auto* text = file.at<char>(names.sh_offset, names.sh_size);
    if (all == nullptr || text == nullptr)
        return;
    const Elf64_Sym* best = nullptr;
    for (const Elf64_Sym* each = all; each != all + count; ++each) {
        const bool code = ELF64_ST_TYPE(each->st_info) == STT_FUNC && each->st_shndx != SHN_UNDEF;
        if (code && each->st_value <= place.address && place.address - each->st_value < each->st_size &&
            (best == nullptr || each->st_value >= best->st_value))
            best = each;
    }
    if (best == nullptr || best->st_name >= names.sh_size)
        return;
    std::size_t n = 0;
    for (const char* c = text + best->st_name; c < text + names.sh_size && *c != 0 && n + 1 < sizeof place.symbol; ++c)
        place.symbol[n++] = *c;
    place.symbol[n] = 0;
    place.beyond = place.address - best->st_value;
}

} // namespace

int walk_stack(const Crash& crash, StackFrame* frames, int most) {
    const Interrupted from = interrupted(crash);
    Walk walk{frames, most, from.at};
    _Unwind_Backtrace(take_frame, &walk);
    if (!walk.behind || walk.count == 0) { // no way out of the handler was found
        frames[0].address = from.at;
        walk.count = from.at != 0 && most > 0 ? 1 : walk.count;
    }
    // A call of a wrong address has nothing to go by but the return address that it left.
    if (walk.count == 1 && from.stack != 0 && most > 1 && from.stack % sizeof(std::uintptr_t) == 0) {
        frames[0].address = from.at;
        std::memcpy(&frames[walk.count++].address, reinterpret_cast<const void*>(from.stack), sizeof(std::uintptr_t));
    }
    return walk.count;
}

void find_files(StackFrame* frames, int count) {
    const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    Lines lines(fd);
    while (const char* at = lines.next()) { // 55d0-55e0 r-xp 00002000 08:01 1234   /usr/bin/name
        const std::uint64_t from = read_hex(at);
        if (*at++ != '-')
            continue;
        const std::uint64_t end = read_hex(at);
        const char* const path = std::strchr(at, '/');
        at = std::strchr(at + 1, ' '); // behind the rights
        if (at == nullptr || path == nullptr)
            continue;
        const std::uint64_t offset = read_hex(++at);
        for (int i = 0; i < count; ++i) {
            StackFrame& frame = frames[i];
            if (frame.address < from || frame.address >= end || std::strlen(path) >= sizeof frame.file)
                continue;
            std::memcpy(frame.file, path, std::strlen(path) + 1);
            frame.offset = frame.address - from + offset;
            frame.found = true;
        }
    }
    close(fd);
}

bool look_up(const StackFrame& frame, PlaceInFile& place) {
    if (!frame.found)
        return false;
    const Mapped file(frame.file);
    const auto* head = file.at<Elf64_Ehdr>(0);
    if (head == nullptr || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_ident[EI_CLASS] != ELFCLASS64 ||
        head->e_phentsize != sizeof(Elf64_Phdr))
        return false;
    const auto* parts = file.at<Elf64_Phdr>(head->e_phoff, head->e_phnum);
    if (parts == nullptr)
        return false;
    bool inside = false;
    for (int i = 0; i < head->e_phnum; ++i) {
        const Elf64_Phdr& part = parts[i];
        if (part.p_type == PT_LOAD && frame.offset >= part.p_offset && frame.offset - part.p_offset < part.p_filesz) {
            place.address = frame.offset - part.p_offset + part.p_vaddr;
            inside = true;
        } else if (part.p_type == PT_NOTE && place.build[0] == 0) {
            take_build(file, part, place);
        }
    }
    const auto* sections = file.at<Elf64_Shdr>(head->e_shoff, head->e_shnum);
    if (sections == nullptr || head->e_shentsize != sizeof(Elf64_Shdr))
        return inside;
    for (const unsigned kind : {SHT_SYMTAB, SHT_DYNSYM}) { // the first is there unless it was stripped
        for (int i = 0; i < head->e_shnum && place.symbol[0] == 0 && inside; ++i) {
            const Elf64_Shdr& table = sections[i];
            if (table.sh_type == kind && table.sh_link < head->e_shnum)
                take_symbol(file, table, sections[table.sh_link], place);
        }
    }
    return inside;
}

const char* name_of_file(const char* path) {
    const char* const slash = std::strrchr(path, '/');
    return slash == nullptr ? path : slash + 1;
}

} // namespace atelier::crash
