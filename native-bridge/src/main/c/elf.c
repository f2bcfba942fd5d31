#define _GNU_SOURCE
#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "tracer.h"

#if defined(__x86_64__)
#define JUMP_SLOT R_X86_64_JUMP_SLOT
#define GLOB_DAT R_X86_64_GLOB_DAT
#define POINTER R_X86_64_64
#elif defined(__aarch64__)
#define JUMP_SLOT R_AARCH64_JUMP_SLOT
#define GLOB_DAT R_AARCH64_GLOB_DAT
#define POINTER R_AARCH64_ABS64
#endif

static void read_notes(struct image *image, const unsigned char *at, size_t length) {
  while (length >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    memcpy(&note, at, sizeof note);
    size_t name = (note.n_namesz + 3u) & ~(size_t)3;
    size_t whole = sizeof note + name + ((note.n_descsz + 3u) & ~(size_t)3);
    if (whole > length) return;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
        !memcmp(at + sizeof note, "GNU", 4)) {
      image->build_id = at + sizeof note + name;
      image->build_id_length = note.n_descsz;
      return;
    }
    at += whole;
    length -= whole;
  }
}

static bool within(const struct image *image, uintptr_t address) {
  return address >= image->begin && address < image->end;
}

/* The loader of glibc writes addresses into the dynamic section, other loaders leave offsets. */
static const void *pointer(const struct image *image, ElfW(Addr) value) {
  uintptr_t address = within(image, value) ? value : image->base + value;
  return within(image, address) ? (const void *)address : NULL;
}

static void read_dynamic(struct image *image) {
  size_t relative = 0;
  ElfW(Addr) soname = 0;
  bool named = false;
  for (const ElfW(Dyn) *entry = (const void *)image->dynamic; entry->d_tag != DT_NULL; entry++) {
    switch (entry->d_tag) {
      case DT_STRTAB: image->strings = pointer(image, entry->d_un.d_ptr); break;
      case DT_SYMTAB: image->symbols = pointer(image, entry->d_un.d_ptr); break;
      case DT_JMPREL: image->jumps = pointer(image, entry->d_un.d_ptr); break;
      case DT_PLTRELSZ: image->jumps_length = entry->d_un.d_val / sizeof(ElfW(Rela)); break;
      case DT_RELA: image->relocations = pointer(image, entry->d_un.d_ptr); break;
      case DT_RELASZ: image->relocations_length = entry->d_un.d_val / sizeof(ElfW(Rela)); break;
      case DT_RPATH: image->has_rpath = true; break;
      case DT_BIND_NOW: image->bound = true; break;
      case DT_FLAGS: image->bound |= (entry->d_un.d_val & DF_BIND_NOW) != 0; break;
      case DT_FLAGS_1: image->bound |= (entry->d_un.d_val & DF_1_NOW) != 0; break;
      case DT_RELACOUNT: relative = entry->d_un.d_val; break;
      case DT_SONAME:
        soname = entry->d_un.d_val;
        named = true;
        break;
      default: break;
    }
  }
  if (!image->jumps) image->jumps_length = 0;
  if (!image->relocations) image->relocations_length = 0;
  if (image->relocations && relative <= image->relocations_length) {
    /* These name no symbol, and are by far the most. */
    image->relocations = (const ElfW(Rela) *)image->relocations + relative;
    image->relocations_length -= relative;
  }
  if (named && image->strings) image->soname = image->strings + soname;
}

void image_read(struct image *image, const struct dl_phdr_info *info) {
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  *image = (struct image){.base = info->dlpi_addr, .begin = UINTPTR_MAX, .soname = ""};
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = info->dlpi_phdr + i;
    uintptr_t begin = info->dlpi_addr + part->p_vaddr, end = begin + part->p_memsz;
    if (part->p_type == PT_LOAD) {
      if (begin < image->begin) image->begin = begin;
      if (end > image->end) image->end = end;
    } else if (part->p_type == PT_DYNAMIC) {
      image->dynamic = begin;
    } else if (part->p_type == PT_GNU_RELRO) {
      image->relro_begin = begin & ~(page - 1);
      image->relro_end = end & ~(page - 1);
    } else if (part->p_type == PT_NOTE && !image->build_id) {
      read_notes(image, (const unsigned char *)begin, part->p_memsz);
    }
  }
  if (image->begin > image->end) image->begin = image->end = 0;
  if (image->dynamic) read_dynamic(image);
}

static void imports_of(const struct image *image, const ElfW(Rela) *relocation, size_t length,
                       void (*each)(const struct import *, void *), void *argument) {
  for (const ElfW(Rela) *end = relocation + length; relocation < end; relocation++) {
    unsigned long type = ELF64_R_TYPE(relocation->r_info);
    if (type != JUMP_SLOT && type != GLOB_DAT && type != POINTER) continue;
    if (type == POINTER && relocation->r_addend) continue;
    const ElfW(Sym) *symbol =
        (const ElfW(Sym) *)image->symbols + ELF64_R_SYM(relocation->r_info);
    /* What an object defines itself is its wrapper, or has the name by chance. */
    if (symbol->st_shndx != SHN_UNDEF || !symbol->st_name) continue;
    int call = call_find(image->strings + symbol->st_name);
    uintptr_t address = image->base + relocation->r_offset;
    if (call < 0 || !within(image, address) || address % sizeof(uintptr_t)) continue;
    struct import import = {(uintptr_t *)address, call, type == JUMP_SLOT};
    each(&import, argument);
  }
}

void image_imports(const struct image *image, void (*each)(const struct import *, void *),
                   void *argument) {
  if (!image->symbols || !image->strings) return;
  imports_of(image, image->jumps, image->jumps_length, each, argument);
  imports_of(image, image->relocations, image->relocations_length, each, argument);
}
