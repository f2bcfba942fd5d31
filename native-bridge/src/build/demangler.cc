/*
 * __cxa_demangle out of the sources of libc++abi, which come with the compiler, and what it wants of
 * a C++ runtime, so that there is no other of it in the tracer: 150 KB instead of half a megabyte,
 * and no operator new of ours in somebody's process.
 */
#include "cxa_demangle.cpp"

namespace std {
void terminate() noexcept { abort(); }
}  // namespace std

/* Destructors that delete are emitted but never called: nodes die with their arena. */
void operator delete(void *, size_t) noexcept { abort(); }
