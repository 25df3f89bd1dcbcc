import Litmus
import Testing

/// The axioms one at a time, each with a program it forbids and a near twin it allows.
struct AxiomTests {
  private func observation(_ threads: [String], _ question: String) throws -> String {
    let bodies = threads.enumerated().map {
      "P\($0)(int *x, int *y, int *z, spinlock_t *s, spinlock_t *t)\n{ \($1) }\n"
    }.joined()
    let text = "C t\n{ }\n\(bodies)exists (\(question))\n"
    return try LitmusTest(parsing: text).decide().observation.rawValue
  }

  @Test func `atomicity: nothing slips between the halves of an update`() throws {
    let set = "WRITE_ONCE(*x, 5);"
    #expect(try observation(["atomic_inc(x);", set], "x=1") == "Never")
    let apart = "int r = READ_ONCE(*x); WRITE_ONCE(*x, r + 1);"
    #expect(try observation([apart, set], "x=1") == "Sometimes")
  }

  @Test func `happens-before: an address dependency orders, a mere value does not`() throws {
    let writer = "WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);"
    let bound = "int a = READ_ONCE(*y); int b = READ_ONCE(*(x + (a ^ a)));"
    let free = "int a = READ_ONCE(*y); int b = READ_ONCE(*x);"
    #expect(try observation([writer, bound], "1:a=1 /\\ 1:b=0") == "Never")
    #expect(try observation([writer, free], "1:a=1 /\\ 1:b=0") == "Sometimes")
  }

  @Test func `happens-before: dependencies are carried through plain variables`() throws {
    let carried = "int a = READ_ONCE(*x); *z = a; int c = *z; WRITE_ONCE(*y, c);"
    let dropped = "int a = READ_ONCE(*x); *z = 1; int c = *z; WRITE_ONCE(*y, c);"
    let other = "int b = smp_load_acquire(y); WRITE_ONCE(*x, 1);"
    #expect(try observation([carried, other], "0:a=1 /\\ 1:b=1") == "Never")
    #expect(try observation([dropped, other], "0:a=1 /\\ 1:b=1") == "Sometimes")
  }

  @Test func `propagation: two full barriers, or one and a release`() throws {
    let full = "WRITE_ONCE(*x, 1); smp_mb(); int a = READ_ONCE(*y);"
    let other = "WRITE_ONCE(*y, 1); smp_mb(); int b = READ_ONCE(*x);"
    let weak = "smp_store_release(y, 1); int b = smp_load_acquire(x);"
    #expect(try observation([full, other], "0:a=0 /\\ 1:b=0") == "Never")
    #expect(try observation([full, weak], "0:a=0 /\\ 1:b=0") == "Sometimes")
  }

  @Test func `RCU: as many grace periods as read sections, and no fewer`() throws {
    let reader = "rcu_read_lock(); int a = READ_ONCE(*x); int b = READ_ONCE(*y); rcu_read_unlock();"
    let one = "WRITE_ONCE(*y, 1); synchronize_rcu(); WRITE_ONCE(*x, 1);"
    #expect(try observation([reader, one], "0:a=1 /\\ 0:b=0") == "Never")
    let two = "rcu_read_lock(); int a = READ_ONCE(*x); WRITE_ONCE(*z, 1); rcu_read_unlock();"
    let three = "rcu_read_lock(); int c = READ_ONCE(*z); int b = READ_ONCE(*y); rcu_read_unlock();"
    let question = "0:a=1 /\\ 1:c=1 /\\ 1:b=0"
    #expect(try observation([two, three, one], question) == "Sometimes")
    let twice = "WRITE_ONCE(*y, 1); synchronize_rcu(); synchronize_rcu(); WRITE_ONCE(*x, 1);"
    #expect(try observation([two, three, twice], question) == "Never")
  }

  @Test func `RCU: nested sections count once, as the outermost one`() throws {
    let nested = """
      rcu_read_lock(); rcu_read_lock(); int b = READ_ONCE(*y); rcu_read_unlock();
      int a = READ_ONCE(*x); rcu_read_unlock();
      """
    let apart = """
      rcu_read_lock(); int b = READ_ONCE(*y); rcu_read_unlock();
      rcu_read_lock(); int a = READ_ONCE(*x); rcu_read_unlock();
      """
    let updater = "WRITE_ONCE(*y, 1); synchronize_rcu(); WRITE_ONCE(*x, 1);"
    #expect(try observation([nested, updater], "0:a=1 /\\ 0:b=0") == "Never")
    #expect(try observation([apart, updater], "0:a=1 /\\ 0:b=0") == "Sometimes")
  }

  @Test func `plain coherence: an ordered plain store is not overlooked`() throws {
    let writer = "*x = 1; smp_store_release(y, 1);"
    let reader = "int a = smp_load_acquire(y); int b = -1; if (a) { b = *x; }"
    #expect(try observation([writer, reader], "1:b=0") == "Never")
    let late = "smp_store_release(y, 1); *x = 1;"
    #expect(try observation([late, reader], "1:b=0") == "Sometimes")
  }

  @Test func `a barrier after an unlock and a lock is full, elsewhere nothing`() throws {
    let first = """
      spin_lock(s); WRITE_ONCE(*x, 1); spin_unlock(s); spin_lock(t);
      smp_mb__after_unlock_lock(); int a = READ_ONCE(*y); spin_unlock(t);
      """
    let bare = first.replacing("smp_mb__after_unlock_lock();", with: "")
    let other = "WRITE_ONCE(*y, 1); smp_mb(); int b = READ_ONCE(*x);"
    #expect(try observation([first, other], "0:a=0 /\\ 1:b=0") == "Never")
    #expect(try observation([bare, other], "0:a=0 /\\ 1:b=0") == "Sometimes")
  }

  @Test func `a read barrier does not order the load of an update that returns nothing`() throws {
    let writer = "WRITE_ONCE(*x, 1); smp_wmb(); atomic_inc(y);"
    let returning = "int a = atomic_fetch_add_relaxed(0, y); smp_rmb(); int b = READ_ONCE(*x);"
    #expect(try observation([writer, returning], "1:a=1 /\\ 1:b=0") == "Never")
    let silent = "atomic_add(2, y); smp_rmb(); int b = READ_ONCE(*x);"
    let writerOfTwo = "WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);"
    #expect(try observation([writerOfTwo, silent], "y=3 /\\ 1:b=0") == "Sometimes")
  }
}
