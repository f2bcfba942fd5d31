/*
 * What may be spent on more than the record itself: a share of one processor's time, as
 * io.descry.ledger.StackBudget.
 */
#include "tracer.h"

#define ALLOWANCE INT64_C(50000000) /* in ns of what is paid for */
#define DEAREST INT64_C(1000000)    /* longer: interrupted by something else */

static bool unlimited;
static int64_t price; /* nanoseconds of time for one of what is paid for */
static int64_t paid_until;

void budget_prepare(bool all, double share) {
  if (!(share > 0.0001)) share = 0.0001;
  if (share > 1) share = 1;
  unlimited = all;
  price = (int64_t)(1 / share);
  paid_until = now();
}

bool budget_allows(int64_t time) {
  return unlimited || __atomic_load_n(&paid_until, __ATOMIC_RELAXED) - time < ALLOWANCE * price;
}

void budget_charge(int64_t begun) {
  if (unlimited) return;
  int64_t paid = __atomic_load_n(&paid_until, __ATOMIC_RELAXED);
  /* Unspent time is not saved up. Losing this race costs a little allowance. */
  if (paid < begun)
    __atomic_compare_exchange_n(&paid_until, &paid, begun, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
  int64_t took = now() - begun;
  __atomic_fetch_add(&paid_until, (took < DEAREST ? took : DEAREST) * price, __ATOMIC_RELAXED);
}
