import Litmus
import Testing

struct UpdateTests {
  /// What a call returns and leaves behind, from an old value of 5.
  @Test(arguments: [
    ("xchg(v, 7)", 5, 7), ("cmpxchg(v, 5, 9)", 5, 9), ("cmpxchg(v, 4, 9)", 5, 5),
    ("atomic_add_return(2, v)", 7, 7), ("atomic_fetch_sub(2, v)", 5, 3),
    ("atomic_inc_return_relaxed(v)", 6, 6), ("atomic_fetch_dec_acquire(v)", 5, 4),
    ("atomic_dec_and_test(v)", 0, 4), ("atomic_sub_and_test(5, v)", 1, 0),
    ("atomic_add_negative(-6, v)", 1, -1), ("atomic_fetch_and(4, v)", 5, 4),
    ("atomic_fetch_or_release(2, v)", 5, 7), ("atomic_fetch_xor(1, v)", 5, 4),
    ("atomic_fetch_andnot(1, v)", 5, 4), ("atomic_add_unless(v, 2, 5)", 0, 5),
    ("atomic_add_unless(v, 2, 4)", 1, 7), ("atomic_fetch_add_unless(v, 2, 4)", 5, 7),
    ("atomic_inc_not_zero(v)", 1, 6), ("atomic_dec_if_positive(v)", 4, 4),
    ("atomic_dec_unless_positive(v)", 0, 5), ("atomic_inc_unless_negative(v)", 1, 6),
    ("atomic_xchg_relaxed(v, 1)", 5, 1), ("atomic_long_inc_return(v)", 6, 6),
    ("atomic64_cmpxchg_acquire(v, 5, 6)", 5, 6), ("atomic_read_acquire(v)", 5, 5),
  ])
  func `updates return and store what the kernel's do`(call: String, result: Int, left: Int) throws
  {
    let test = try litmus(
      "int a = \(call);", initial: "atomic_t v=ATOMIC_INIT(5);",
      exists: "0:a=\(result) /\\ v=\(left)", parameters: "atomic_t *v")
    #expect(try test.decide().observation == .always)
  }

  @Test func `a failed exchange keeps what it found in the register`() throws {
    let test = try litmus(
      "int a = 4; int b = atomic_try_cmpxchg(v, &a, 9); int c = atomic_try_cmpxchg(v, &a, 9);",
      initial: "v=5;", exists: "0:a=5 /\\ 0:b=0 /\\ 0:c=1 /\\ v=9", parameters: "atomic_t *v")
    #expect(try test.decide().observation == .always)
  }

  @Test(arguments: [
    ("xchg(z, 1)", "Never"), ("xchg_relaxed(z, 1)", "Sometimes"),
    ("xchg_acquire(z, 1)", "Sometimes"), ("cmpxchg(z, 0, 1)", "Never"),
    ("cmpxchg(z, 3, 1)", "Sometimes"), ("atomic_fetch_add(0, z)", "Never"),
    ("atomic_add_unless(z, 1, 0)", "Sometimes"),
  ])
  func `only an update that stores and is full stands for a barrier`(
    call: String, observation: String
  ) throws {
    let test = try litmus(
      "WRITE_ONCE(*x, 1); int r = \(call); int a = READ_ONCE(*y);",
      "WRITE_ONCE(*y, 1); smp_mb(); int b = READ_ONCE(*x);", exists: "0:a=0 /\\ 1:b=0")
    #expect(try test.decide().observation.rawValue == observation)
  }

  @Test func `a try-lock that fails has seen somebody's section`() throws {
    let test = try litmus(
      "spin_lock(s); spin_unlock(s);", "int a = spin_trylock(s); if (a) { spin_unlock(s); }",
      exists: "1:a=0")
    #expect(try states(test) == ["1:a=0;", "1:a=1;"])
    let alone = try litmus("int a = spin_trylock(s);", exists: "0:a=0")
    #expect(try states(alone) == ["0:a=1;"])
  }

  @Test func `inside its own section a thread sees the lock held`() throws {
    let test = try litmus(
      "spin_lock(s); int a = spin_is_locked(s); spin_unlock(s); int b = spin_is_locked(s);",
      exists: "0:a=1 /\\ 0:b=0")
    #expect(try states(test) == ["0:a=1; 0:b=0;"])
  }

  @Test func `waiting for oneself has no execution`() throws {
    #expect(
      try litmus("spin_lock(s); spin_lock(s);").decide().observation == .deadlock)
    #expect(
      try litmus("rcu_read_lock(); synchronize_rcu(); rcu_read_unlock();").decide().observation
        == .deadlock)
    #expect(
      try litmus("rcu_read_lock(); rcu_read_unlock(); synchronize_rcu();").decide().observation
        == .always)
  }
}
