import Litmus
import Testing

struct StateTests {
  @Test func `states list the names of the condition and of locations`() throws {
    let test = try litmus(
      "WRITE_ONCE(*x, 1);", "int a = READ_ONCE(*x);", exists: "1:a=1", locations: "x; y;")
    #expect(try states(test) == ["1:a=0; x=1; y=0;", "1:a=1; x=1; y=0;"])
  }

  @Test func `a filter removes states`() throws {
    var test = try litmus("WRITE_ONCE(*x, 1);", "int a = READ_ONCE(*x);", exists: "1:a=1")
    test.filter = .equal(.register(LitmusRegister(1, "a")), .integer(1))
    #expect(try states(test) == ["1:a=1;"])
    #expect(try test.decide().observation == .always)
  }

  @Test func `addresses are values`() throws {
    let test = try litmus(
      "rcu_assign_pointer(*p, x);", "int *a = rcu_dereference(*p); int b = READ_ONCE(*a);",
      initial: "int *p=&y; int x=1; int y=2;", exists: "1:a=x /\\ 1:b=2",
      parameters: "int **p, int *x, int *y")
    #expect(try states(test) == ["1:a=x; 1:b=1;", "1:a=y; 1:b=2;"])
  }

  @Test func `quantifiers answer yes or no`() throws {
    let questions = ["exists (x=1)", "~exists (x=1)", "forall (x=1)", "forall (x=2)"]
    var answers: [Bool] = []
    for question in questions {
      let text = "C t\n{ }\nP0(int *x) { WRITE_ONCE(*x, 1); }\n\(question)\n"
      answers.append(try LitmusTest(parsing: text).decide().isSatisfied)
    }
    #expect(answers == [true, false, true, false])
  }

  @Test func `a load buffering circle is allowed, unless a dependency or the switch forbids it`()
    throws
  {
    let free = "int a = READ_ONCE(*x); WRITE_ONCE(*y, 1);"
    let bound = "int a = READ_ONCE(*x); WRITE_ONCE(*y, a);"
    let other = "int b = READ_ONCE(*y); WRITE_ONCE(*x, b);"
    let question = "0:a=1 /\\ 1:b=1"
    #expect(try litmus(free, other, exists: question).decide().observation == .sometimes)
    #expect(try litmus(bound, other, exists: question).decide().observation == .never)
    let strict = LitmusOptions(forbidsLoadBuffering: true)
    #expect(try litmus(free, other, exists: question).decide(strict).observation == .never)
  }

  @Test func `a control dependency ends with its branch`() throws {
    let inside = "int a = READ_ONCE(*x); if (a) { WRITE_ONCE(*y, 1); }"
    let after = "int a = READ_ONCE(*x); if (a) { } WRITE_ONCE(*y, 1);"
    let other = "int b = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1);"
    let question = "0:a=1 /\\ 1:b=1"
    #expect(try litmus(inside, other, exists: question).decide().observation == .never)
    #expect(try litmus(after, other, exists: question).decide().observation == .sometimes)
  }

  @Test func `an execution can be drawn within 100 columns`() throws {
    let outcome = try program("IRIW+poonceonces+OnceOnce").decide()
    let report = LitmusReport(outcome).text
    #expect(report.contains("Observation IRIW+poonceonces+OnceOnce Sometimes 1 15"))
    #expect(report.contains("(initial)"))
    #expect(report.contains("(from "))
    #expect(report.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(!report.contains("\u{1B}"))
  }

  @Test func `executions can be kept, each a different one`() throws {
    let options = LitmusOptions(keepsExecutions: true)
    let outcome = try program("IRIW+poonceonces+OnceOnce").decide(options)
    #expect(outcome.executions.count == 16)
    #expect(Set(outcome.executions).count == 16)
  }

  @Test func `machines get JSON`() throws {
    let json = try program("SB+poonceonces").decide().json(file: "a \"b\".litmus")
    #expect(json.hasPrefix("{\"file\":\"a \\\"b\\\".litmus\",\"name\":\"SB+poonceonces\""))
    #expect(json.contains("\"values\":{\"0:a\":\"0\",\"1:a\":\"0\"}"))
    #expect(json.contains("\"positive\":1,\"negative\":3"))
  }
}
