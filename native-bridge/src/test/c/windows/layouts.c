/* Has the compiler write sizes, offsets and constants into its assembly text: nothing is run, so that
   one compiler tells those of 32 bits too. */
#include "structures.h"

#define SIZE(s) __asm__ volatile("@layout " #s " %c0" : : "i"(sizeof(s)));
#define MEMBER(s, m) __asm__ volatile("@layout " #s "." #m " %c0" : : "i"(offsetof(s, m)));
#define CONSTANT(c) __asm__ volatile("@constant " #c " %c0" : : "i"(c));

void layouts(void) {
  LAYOUTS(SIZE, MEMBER)
  CONSTANTS(CONSTANT)
}
