import Litmus
import Testing

struct RaceTests {
  private func isRacy(_ threads: String...) throws -> Bool {
    let bodies = threads.enumerated().map {
      "P\($0)(int *x, int *y, spinlock_t *s)\n{ \($1) }\n"
    }.joined()
    return try LitmusTest(parsing: "C t\n{ }\n\(bodies)exists (true)\n").decide().racy > 0
  }

  @Test func `unordered plain accesses race if one of them writes`() throws {
    #expect(try isRacy("*x = 1;", "int a = *x;"))
    #expect(try isRacy("*x = 1;", "*x = 2;"))
    #expect(try isRacy("WRITE_ONCE(*x, 1);", "int a = *x;"))
    #expect(try !isRacy("int a = *x;", "int a = *x;"))
    #expect(try !isRacy("WRITE_ONCE(*x, 1);", "int a = READ_ONCE(*x);"))
    #expect(try !isRacy("*x = 1;", "int a = *y;"))
  }

  @Test func `a release and an acquire that is looked at keep plain data from racing`() throws {
    let writer = "*x = 1; smp_store_release(y, 1);"
    #expect(try !isRacy(writer, "int a = smp_load_acquire(y); if (a) { int b = *x; }"))
    #expect(try isRacy(writer, "int a = smp_load_acquire(y); int b = *x;"))
    #expect(try isRacy(writer, "int a = READ_ONCE(*y); if (a) { int b = *x; }"))
    #expect(
      try isRacy(
        "*x = 1; WRITE_ONCE(*y, 1);", "int a = smp_load_acquire(y); if (a) { int b = *x; }"))
  }

  @Test func `a lock keeps plain data from racing, another lock's absence does not`() throws {
    let section = "spin_lock(s); *x = 1; spin_unlock(s);"
    #expect(try !isRacy(section, section))
    #expect(try isRacy(section, "*x = 1;"))
  }

  @Test func `the racing steps are named`() throws {
    let test = try litmus("*x = 1;", "int a = *x;", exists: "1:a=1")
    let outcome = try test.decide()
    #expect(outcome.verdict == "Sometimes DATARACE")
    #expect(outcome.flags == ["data-race"])
    #expect(LitmusReport(outcome).text.contains("race."))
  }
}
