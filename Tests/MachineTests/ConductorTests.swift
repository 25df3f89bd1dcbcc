import Dispatch
import Machine
import Testing

/// A conductor sees every event, with everything that decides what it does.
@Suite struct ConductorTests {
  @Test func `a load returns what the conductor says, and tells all about itself`() {
    let recorder = Recorder(answering: 77)
    let word = Word<UInt64>(5)
    let dependencies = Dependencies(address: 1, data: 2, control: 4)
    recorder.conduct {
      #expect(word.load(.acquire, edge: "a.b", after: dependencies) == 77)
    }
    let access = recorder.accesses[0]
    #expect(recorder.lines == ["load marked 8"])
    #expect(access.address == word.address)
    #expect(access.loadOrdering == .acquire)
    #expect("\(access.edge.label)" == "a.b")
    #expect(access.dependencies.address == 1)
    #expect(access.dependencies.data == 2)
    #expect(access.dependencies.control == 4)
    #expect(word.load(.relaxed) == 5)
  }

  @Test func `a conducted store leaves the memory to the conductor`() {
    let recorder = Recorder()
    let word = Word<UInt32>(5)
    recorder.conduct { word.store(9, .release, edge: "a.b") }
    let access = recorder.accesses[0]
    #expect(recorder.lines == ["store marked 4"])
    #expect(access.operand == 9)
    #expect(access.storeOrdering == .release)
    #expect(!access.isFullBarrier)
    #expect(word.load(.relaxed) == 5)
  }

  @Test(
    arguments: [
      (.relaxed, .relaxed, .relaxed, false), (.acquire, .acquire, .relaxed, false),
      (.release, .relaxed, .release, false), (.full, .acquire, .release, true),
    ] as [(UpdateOrdering, LoadOrdering, StoreOrdering, Bool)])
  func `an update says what both of its halves order`(
    _ ordering: UpdateOrdering, _ load: LoadOrdering, _ store: StoreOrdering, _ isFull: Bool
  ) {
    let recorder = Recorder(answering: 3)
    let word = Word<UInt32>(5)
    recorder.conduct {
      #expect(word.exchange(1, ordering) == 3)
      #expect(word.compareExchange(3, with: 4, ordering, edge: "c.d") == 3)
      #expect(word.fetchAdd(2, ordering) == 3)
      #expect(word.fetchSubtract(2, ordering) == 3)
    }
    #expect(recorder.accesses.map(\.kind) == [.exchange, .compareExchange, .add, .add])
    #expect(recorder.accesses.map(\.operand) == [1, 4, 2, UInt64(UInt32.max - 1)])
    #expect(recorder.accesses[1].expected == 3)
    #expect("\(recorder.accesses[1].edge.label)" == "c.d")
    for access in recorder.accesses {
      #expect(access.loadOrdering == load)
      #expect(access.storeOrdering == store)
      #expect(access.isFullBarrier == isFull)
      #expect(access.mark == .marked)
    }
  }

  @Test func `flag bits are updates of one word, and those without a result say so`() {
    let recorder = Recorder(answering: 0b1000)
    let flags = FlagWord<Flag>()
    let bit = Flag(bitNumber: 3)
    recorder.conduct {
      #expect(flags.test(bit, .relaxed) == true)
      flags.set(bit, .release, edge: "a.b")
      flags.clear(bit, .relaxed)
      #expect(flags.testAndSet(bit, .full) == true)
      #expect(flags.testAndClear(bit, .full) == true)
    }
    let lines = [
      "load marked 8", "or markedWithoutResult 8", "and markedWithoutResult 8", "or marked 8",
      "and marked 8",
    ]
    #expect(recorder.lines == lines)
    #expect(recorder.accesses.map(\.operand) == [0, 8, ~8, 8, ~8])
    #expect(recorder.accesses.map(\.isFullBarrier) == [false, false, false, true, true])
    #expect(recorder.accesses[1].storeOrdering == .release)
  }

  @Test func `a cell's accesses are plain`() {
    let recorder = Recorder(answering: 6)
    let cell = Cell<Int32>(1)
    recorder.conduct {
      cell.value = -1
      #expect(cell.value == 6)
    }
    #expect(recorder.lines == ["store plain 4", "load plain 4"])
    #expect(recorder.accesses[0].operand == UInt64(UInt32.max))
    #expect(recorder.accesses[0].address == cell.address)
    #expect(cell.value == 1)
  }

  @Test func `everything that is no access is one event each`() {
    let recorder = Recorder(answering: 1)
    let word = Word<UInt32>(0)
    recorder.conduct {
      Machine.barrier(.write, edge: "a.b")
      #expect(Machine.barrierEverywhere(edge: "c.d"))
      Machine.spin(until: word.equals(4, .acquire))
      #expect(Machine.park(on: word, while: 2, deadline: 9) == true)
      Machine.wake(word, count: 3)
      #expect(Machine.clock() == 1)
      Machine.delay(nanoseconds: 5)
      #expect(Machine.choose(below: 2, "which") == 1)
      Machine.note(.opened, .callback, key: 16)
      Machine.expect(false, "a claim")
    }
    let lines = [
      "barrier write a.b", "membarrier c.d", "spin 4 18446744073709551615 4", "park 2 9", "wake 3",
      "clock", "delay 5", "choose 2 which", "callback opened 16", "failure false a claim",
    ]
    #expect(recorder.lines == lines)
  }

  @Test func `masking is events while conducted, and a depth of the thread otherwise`() {
    let recorder = Recorder()
    recorder.conduct {
      Machine.disableInterrupts()
      Machine.disablePreemption()
      Machine.enablePreemption()
      Machine.restoreInterrupts()
    }
    #expect(
      recorder.lines == ["interrupts off", "preemption off", "preemption on", "interrupts on"])
    #expect(!Machine.isAtomicNatively)
    Machine.disableInterrupts()
    Machine.disableInterrupts()
    Machine.restoreInterrupts()
    #expect(Machine.isAtomicNatively)
    Machine.restoreInterrupts()
    #expect(!Machine.isAtomicNatively)
    Machine.disablePreemption()
    #expect(Machine.isAtomicNatively)
    Machine.enablePreemption()
    #expect(!Machine.isAtomicNatively)
  }

  @Test func `a conductor conducts its own thread, as long as its body runs`() {
    #expect(Conductor.current == nil)
    let recorder = Recorder(answering: 8)
    let word = Machine.permanent(Word<UInt32>(5))
    let result = recorder.conduct {
      let other = OtherThread { word.record.store(6, .relaxed) }
      other.join()
      return Conductor.current === recorder
    }
    #expect(result)
    #expect(Conductor.current == nil)
    #expect(recorder.events.isEmpty)
    #expect(word.record.load(.relaxed) == 6)
  }

  @Test func `a conductor inside another one gives way when its body ends`() {
    let outer = Recorder(answering: 1)
    let inner = Recorder(answering: 2)
    let word = Word<UInt32>(5)
    outer.conduct {
      inner.conduct { #expect(word.load(.relaxed) == 2) }
      #expect(word.load(.relaxed) == 1)
    }
    #expect(outer.events.count == 1)
    #expect(inner.events.count == 1)
  }

  @Test func `who wants quiet waits for a run that goes on`() {
    let order = Guarded<[String]>([])
    let hasBegun = DispatchSemaphore(value: 0)
    let run = OtherThread {
      Recorder().conduct {
        hasBegun.signal()
        for _ in 0..<10_000 { Machine.barrier(.full, edge: "test.run") }
        order.withLock { $0.append("run") }
      }
    }
    hasBegun.wait()
    Conductor.whileNobodyConducts { order.withLock { $0.append("quiet") } }
    Recorder().conduct { order.withLock { $0.append("next run") } }
    run.join()
    #expect(order.withLock { $0 } == ["run", "quiet", "next run"])
  }

  @Test func `a primitive is one event only where the conductor summarises`() {
    let summarising = Recorder(answering: 4)
    summarising.conduct { #expect(Conductor.performSummary(.gracePeriod) == 4) }
    let opening = Recorder(answering: 4, summarises: false)
    opening.conduct {
      #expect(Conductor.performSummary(.gracePeriod) == nil)
      #expect(Conductor.perform(.gracePeriod) == 4)
    }
    #expect(summarising.events.count == 1)
    #expect(opening.events.count == 1)
    #expect(Conductor.perform(.gracePeriod) == nil)
  }
}
