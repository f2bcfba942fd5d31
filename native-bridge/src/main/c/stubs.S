/* Entries that cannot be C: they take an argument from where C has none, or must not leave a frame. */

#if defined(__x86_64__)

  .text

/* long syscall(long, ...): number and five arguments in registers, the sixth on the stack. */
  .globl stub_syscall
  .hidden stub_syscall
  .type stub_syscall, @function
stub_syscall:
  .cfi_startproc
  endbr64
  mov 8(%rsp), %rax
  sub $8, %rsp
  .cfi_adjust_cfa_offset 8
  push %r11
  .cfi_adjust_cfa_offset 8
  push %rax
  .cfi_adjust_cfa_offset 8
  call hook_syscall
  add $24, %rsp
  .cfi_adjust_cfa_offset -24
  ret
  .cfi_endproc
  .size stub_syscall, . - stub_syscall

/* Both depend on their caller's address, so that the real one has to be entered by a jump. */
.macro ASKING stub, answer, real
  .globl \stub
  .hidden \stub
  .type \stub, @function
\stub:
  .cfi_startproc
  endbr64
  push %rdi
  .cfi_adjust_cfa_offset 8
  push %rsi
  .cfi_adjust_cfa_offset 8
  sub $8, %rsp
  .cfi_adjust_cfa_offset 8
  mov %r9d, %edx
  call \answer
  add $8, %rsp
  .cfi_adjust_cfa_offset -8
  pop %rsi
  .cfi_adjust_cfa_offset -8
  pop %rdi
  .cfi_adjust_cfa_offset -8
  test %rdx, %rdx
  jz 1f
  ret
1:
  jmp *\real(%rip)
  .cfi_endproc
  .size \stub, . - \stub
.endm

/* The child returns first, over its parent's stack: vfork has to be entered by a jump, too. */
  .globl stub_vfork
  .hidden stub_vfork
  .type stub_vfork, @function
stub_vfork:
  .cfi_startproc
  endbr64
  sub $8, %rsp
  .cfi_adjust_cfa_offset 8
  call mark_vfork
  add $8, %rsp
  .cfi_adjust_cfa_offset -8
  jmp *descry_real_vfork(%rip)
  .cfi_endproc
  .size stub_vfork, . - stub_vfork

#elif defined(__aarch64__)

  .text

.macro ASKING stub, answer, real
  .globl \stub
  .hidden \stub
  .type \stub, %function
  .balign 4
\stub:
  .cfi_startproc
  hint #34
  stp x29, x30, [sp, #-32]!
  .cfi_def_cfa_offset 32
  .cfi_offset 29, -32
  .cfi_offset 30, -24
  mov x29, sp
  stp x0, x1, [sp, #16]
  mov w2, w5
  bl \answer
  cbnz x1, 1f
  ldp x0, x1, [sp, #16]
  .cfi_remember_state
  ldp x29, x30, [sp], #32
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  adrp x16, \real
  ldr x16, [x16, #:lo12:\real]
  br x16
1:
  .cfi_restore_state
  ldp x29, x30, [sp], #32
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  ret
  .cfi_endproc
  .size \stub, . - \stub
.endm

  .globl stub_vfork
  .hidden stub_vfork
  .type stub_vfork, %function
  .balign 4
stub_vfork:
  .cfi_startproc
  hint #34
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x29, sp
  bl mark_vfork
  ldp x29, x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  adrp x16, descry_real_vfork
  ldr x16, [x16, #:lo12:descry_real_vfork]
  br x16
  .cfi_endproc
  .size stub_vfork, . - stub_vfork

#endif

ASKING stub_dlsym, answer_dlsym, descry_real_dlsym
ASKING stub_dlopen, answer_dlopen, descry_real_dlopen

  .section .note.GNU-stack, "", %progbits
