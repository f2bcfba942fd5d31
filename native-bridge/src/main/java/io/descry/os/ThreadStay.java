package io.descry.os;

/**
 * What shows that a thread has not run between two looks: the system counts how often a thread has
 * gone to sleep, and one that was asleep before and is asleep after, with the same count, has not
 * left the call that it was in.
 *
 * <p>On Linux that is the kernel's own proof: wait_task_inactive of kernel/sched/core.c answers
 * this count, and its caller takes two equal answers for "unscheduled the whole time"
 * (task_current_syscall of lib/syscall.c, which makes /proc/PID/task/N/syscall). A sleeper that is
 * woken and preempted before it sleeps again counts as well when it does. Whether the thread was
 * asleep is for {@link ThreadWaits} to say, which tells of no other.
 *
 * @param started when the thread was started, in the system's ticks; of a later thread of the same
 *     id another
 * @param sleeps how often it has gone to sleep
 */
public record ThreadStay(long started, long sleeps) {}
