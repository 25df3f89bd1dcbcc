import Litmus
import Testing

struct ParserTests {
  private func failure(_ text: String) -> LitmusError? {
    do throws(LitmusError) {
      _ = try LitmusTest(parsing: text).decide()
      return nil
    } catch {
      return error
    }
  }

  private func failure(inBody body: String) -> LitmusError? {
    failure("C t\n{ }\nP0(int *x)\n{\n  \(body)\n}\nexists (x=1)\n")
  }

  @Test(arguments: [
    "while (1) WRITE_ONCE(*x, 1);", "for (;;) { }", "goto out;", "do { } while (0);",
    "int r = srcu_read_lock(x);", "synchronize_srcu(x);", "call_rcu(x);", "int a[2];",
    "x[1] = 2;", "int r = x->next;", "mutex_lock(x);", "int r = READ_ONCE(x);",
    "int r = &r1;", "WRITE_ONCE(*x, 1)", "int r = 3 +;", "label: x = 1;", "return;",
  ])
  func `what is not supported is an error with its line`(body: String) throws {
    let error = try #require(failure(inBody: body))
    #expect((5...6).contains(error.line))
    #expect(error.column > 0)
    #expect(!error.repair.isEmpty)
  }

  @Test func `other dialects are refused by name`() throws {
    let error = try #require(failure("LISA t\n{ x = 0; }\n P0 ;\n w[once] x 1 ;\nexists (x=1)\n"))
    #expect(error.line == 1)
    #expect(error.message.contains("LISA"))
    #expect(try #require(failure("")).message == "The first line is not a litmus test's.")
  }

  @Test(arguments: [
    ("C t\n{ int a[2]; }\nP0(int *x) { }\nexists (x=1)\n", 2),
    ("C t\n{ }\nP1(int *x) { }\nexists (x=1)\n", 3),
    ("C t\n{ }\nP0(int x) { }\nexists (x=1)\n", 3),
    ("C t\n{ }\nP0(int *x) { }\nexists (x=)\n", 4),
    ("C t\n{ }\nP0(int *x) { }\nexists (x=1) exists (x=2)\n", 4),
    ("C t\n{ }\nP0(int *x) { }\nexists (0:r1=1\n", 5),
    ("C t\n{ }\nP0(int *x) { /* \n }\nexists (x=1)\n", 3),
  ])
  func `mistakes outside of bodies have their line`(text: String, line: Int) throws {
    #expect(try #require(failure(text)).line == line)
  }

  @Test func `a pointer that leads nowhere is an error, not a verdict`() throws {
    let error = try #require(failure(inBody: "int *p; WRITE_ONCE(*p, 1);"))
    #expect(error.line == 5)
    #expect(error.message.contains("no variable"))
  }

  @Test(arguments: ["WRITE_ONCE(*x, x * x);", "*x = x & 1;", "int r = 0; *x = 1 / r;"])
  func `a store of what C gives no meaning is an error, not a crash`(body: String) throws {
    let error = try #require(failure(inBody: body))
    #expect(error.line == 5)
    #expect(error.message.contains("no meaning"))
  }

  @Test func `a pointer that leads nowhere in no execution is no error`() throws {
    // Only a circle of values could turn the pointer into a number.
    let thread = "int *a = rcu_dereference(*p); WRITE_ONCE(*a, 1);"
    let other = "int *a = rcu_dereference(*q); WRITE_ONCE(*a, 2);"
    let test = try litmus(
      thread, other, initial: "p=x; q=y;", exists: "x=1 /\\ y=2",
      parameters: "int **p, int **q, int *x, int *y")
    #expect(try test.decide().observation == .always)
  }

  @Test func `a variable that a thread was not handed is no value: an error, not zero`() throws {
    let text = "C t\n{ y=1; }\nP0(int *x)\n{\n  WRITE_ONCE(*x, y);\n}\nexists (x=1)\n"
    let error = try #require(failure(text))
    #expect(error.line == 5)
    #expect(error.repair.contains("int *y"))
  }

  @Test func `a variable that a thread was not handed can be accessed by its name`() throws {
    let reader = "P0(int *x, int *y) { int a = READ_ONCE(*y); smp_rmb(); int b = READ_ONCE(*x); }"
    let writer = "P1() { WRITE_ONCE(*x, 1); smp_store_release(y, 1); }"
    let text = "C t\n{ }\n\(reader)\n\(writer)\nexists (0:a=1 /\\ 0:b=0)\n"
    let test = try LitmusTest(parsing: text)
    #expect(test.threads[1].parameters.map(\.name) == ["x", "y"])
    let outcome = try test.decide()
    #expect(outcome.observation == .never)
    #expect(outcome.states.count == 3)
  }

  @Test func `a register that is named like another thread's variable stays a register`() throws {
    let text = """
      C t
      { 1:y = x; }
      P0(int *x, int *y) { WRITE_ONCE(*y, 7); }
      P1(int *x) { WRITE_ONCE(*y, 5); int *z = x; int a = READ_ONCE(*z); }
      P2(int *x, int *z) { WRITE_ONCE(*z, 3); }
      exists (x=5 /\\ y=7 /\\ 1:a=5 /\\ z=3)
      """
    #expect(try LitmusTest(parsing: text).decide().observation == .always)
  }

  @Test func `a name that stands for nothing is still an error`() throws {
    let error = try #require(failure(inBody: "WRITE_ONCE(*nowhere, 1);"))
    #expect(error.line == 5)
  }

  @Test func `unlocking what is not held, and mixing locks with data, are errors`() throws {
    #expect(try #require(failure(inBody: "spin_unlock(x);")).line == 5)
    let mixed = "spin_lock(x); WRITE_ONCE(*x, 1); spin_unlock(x);"
    #expect(try #require(failure(inBody: mixed)).line == 5)
  }

  @Test func `comments of every kind are skipped where they may stand`() throws {
    let text = """
      C t (* a *)
      "Rfe Fre"
      (* a (* nested *) comment *)
      { (* x *) x = 1; /* y */ y = 2; // z
      }
      (* between *)
      P0(int *x) { int r = READ_ONCE(*x); /* {} */ // P1
      }
      exists (* really *) (0:r=1 (* one *) /\\ y=2)
      """
    #expect(try LitmusTest(parsing: text).decide().observation == .always)
  }

  @Test func `initial values have types, addresses and registers`() throws {
    let text = """
      C t
      { int x = 0x10; volatile int *p = &x; q = x; atomic_t v = ATOMIC_INIT(-3); spinlock_t s;
        int 0:r5 = 7; 0:r6 = x; [w] = 4 }
      P0(int **p, int **q, atomic_t *v, int *w)
      {
        int a = atomic_read(v);
        int b = READ_ONCE(*r6);
        int c = *w + r5;
        int *d = READ_ONCE(*q);
      }
      exists (0:a=-3 /\\ 0:b=16 /\\ 0:c=11 /\\ 0:d=&x /\\ p=x)
      """
    #expect(try LitmusTest(parsing: text).decide().observation == .always)
  }

  @Test(arguments: [
    ("x=1 /\\ y=0", "Always"), ("x=0 \\/ y=0", "Always"), ("~x=0", "Always"),
    ("not (x=0 \\/ y=1)", "Always"), ("~(x=1 /\\ y=0)", "Never"), ("0:a=0:b", "Always"),
    ("true", "Always"), ("false", "Never"), ("[x]=1", "Always"), ("x=y", "Never"),
  ])
  func `conditions mean what they say`(condition: String, observation: String) throws {
    let test = try litmus("WRITE_ONCE(*x, 1);", exists: condition)
    #expect(try test.decide().observation.rawValue == observation)
  }

  @Test(arguments: [
    ("3 + 4 * 2", 11), ("(3 + 4) * 2", 14), ("7 / 2 - 7 % 4", 0), ("6 & 3 | 8", 10), ("5 ^ 1", 4),
    ("!0 + !7", 1), ("~0", -1), ("1 < 2 && 2 <= 2", 1), ("3 > 4 || 4 >= 4", 1), ("1 << 4", 16),
    ("-3 + 5", 2), ("2 == 2 != 0", 1), ("1 ? 5 : 6", 5), ("(int)4", 4), ("x - x + 3", 3),
    ("(x + 0 == x) * 9", 9), ("0 & x", 0),
  ])
  func `expressions are C's`(expression: String, value: Int) throws {
    let test = try litmus("int a = \(expression);", exists: "0:a=\(value)")
    #expect(try test.decide().observation == .always)
  }

  @Test(arguments: [
    ("1:a=1 => 1:a=0 => 1:b=1", "always"), ("1:a=1 /\\ 1:b=1 => 1:a=0", "sometimes"),
    ("P1:a=1 /\\ P1:b=0", "sometimes"),
  ])
  func `an implication binds most tightly and to the right`(
    _ pair: (condition: String, observation: String)
  ) throws {
    let test = try litmus(
      "WRITE_ONCE(*x, 1);", "int a = READ_ONCE(*x); int b = READ_ONCE(*y);",
      exists: pair.condition)
    #expect("\(try test.decide().observation)" == pair.observation)
  }
}
