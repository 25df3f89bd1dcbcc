import Explorer
import Kernel
import Machine
import Testing

/// Interrupt work and work queues on real threads.
struct DeferredWorkTests {
  @Test func `interrupt work runs once for each time it is queued`() {
    let work = Machine.permanent(CountedWork())
    for turn in 1...100 {
      let isNew = work.record.work.queue()
      #expect(isNew)
      work.record.work.waitUntilDone()
      #expect(work.record.runs.value == UInt32(turn))
    }
  }

  @Test func `an item runs on the worker, and flushing waits for it`() {
    let queue = WorkQueue.make("queue")
    let item = Machine.permanent(CountedItem())
    let handle = CountedItem.item.field(of: item)
    for turn in 1...100 {
      #expect(queue.schedule(handle))
      queue.flush(handle)
      #expect(item.record.runs.value == UInt32(turn))
    }
    #expect(queue.flush(handle) == false)
    #expect(queue.cancelAndWait(handle) == false)
    queue.destroy()
  }

  @Test func `an item that waits behind another is called off`() {
    let queue = WorkQueue.make("queue")
    let gate = Machine.permanent(Gate())
    gate.record.opened.initialise()
    let item = Machine.permanent(CountedItem())
    let handle = CountedItem.item.field(of: item)
    queue.schedule(Gate.item.field(of: gate))
    #expect(queue.schedule(handle))
    #expect(queue.schedule(handle) == false)
    #expect(queue.cancelAndWait(handle))
    gate.record.opened.complete()
    queue.flush(Gate.item.field(of: gate))
    queue.destroy()
    #expect(item.record.runs.value == 0)
  }

  @Test func `what runs later goes on with the word of whoever asked for it`() {
    let mine = Machine.inheritedWord
    defer { Machine.inheritedWord = mine }
    let queue = WorkQueue.make("queue")
    let seen = Machine.permanent(Word<UInt64>(0))
    for word in [UInt64(21), 22, 23] {
      Machine.inheritedWord = word
      RCU.call { seen.record.store(Machine.inheritedWord, .relaxed) }
      RCU.barrier()
      #expect(seen.record.load(.relaxed) == word)

      let done = Machine.permanent(Completion())
      done.record.initialise()
      Softirq.raise("softirq") {
        seen.record.store(100 + Machine.inheritedWord, .relaxed)
        done.record.complete()
      }
      done.record.wait()
      #expect(seen.record.load(.relaxed) == 100 + word)

      let item = Machine.permanent(HeirItem())
      queue.schedule(HeirItem.item.field(of: item))
      queue.flush(HeirItem.item.field(of: item))
      #expect(item.record.word.value == word)

      let timer = KernelTimer.make("timer") { _ in
        seen.record.store(200 + Machine.inheritedWord, .relaxed)
        done.record.complete()
      }
      timer.arm(after: .zero)
      done.record.wait()
      timer.shutDown()
      #expect(seen.record.load(.relaxed) == 200 + word)
    }
    queue.destroy()
  }

  @Test func `items of one worker that wait together keep their own words`() {
    let mine = Machine.inheritedWord
    defer { Machine.inheritedWord = mine }
    let queue = WorkQueue.make("queue")
    let gate = Machine.permanent(Gate())
    gate.record.opened.initialise()
    queue.schedule(Gate.item.field(of: gate))
    let items = [UInt64(31), 32].map { word in
      let item = Machine.permanent(HeirItem())
      Machine.inheritedWord = word
      queue.schedule(HeirItem.item.field(of: item))
      return item
    }
    gate.record.opened.complete()
    for item in items { queue.flush(HeirItem.item.field(of: item)) }
    queue.destroy()
    #expect(items.map { $0.record.word.value } == [31, 32])
  }

  @Test func `a reader of a sequence count sees whole writes`() {
    let pair = Machine.permanent(Pair())
    let writer = KernelThread.start("writer") {
      for number in 1...20_000 { pair.record.write(UInt32(number)) }
    }
    while true {
      let (one, other) = pair.record.read()
      #expect(one == other)
      if one == 20_000 { break }
    }
    writer.join()
  }
}

/// The same pieces where two actors meet, in every order.
@Suite(.serialized)
struct DeferredWorkModelTests {
  @Test func `interrupt work waits until interrupts are on again`() {
    let report = explore("irq work behind a lock") { lab in
      let work = lab.allocate(CountedWork())
      lab.thread("driver", cpu: 0) {
        Machine.disableInterrupts()
        work.record.work.queue()
        lab.expect(work.record.runs.value == 0, "no handler runs with interrupts off")
        Machine.restoreInterrupts()
        work.record.work.waitUntilDone()
        lab.expect(work.record.runs.value == 1, "the work ran once")
      }
      lab.finally { lab.free(work) }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `work that two CPUs queue may run on both at once`() {
    let report = explore("irq work queued twice") { lab in
      let work = lab.allocate(CountedWork())
      for cpu in 0...1 {
        lab.thread("driver \(cpu)", cpu: cpu) { work.record.work.queue() }
      }
      lab.finally { lab.free(work) }
    }
    // Queued again while it runs, the work runs on both CPUs at once: its plain counter races.
    #expect(report.verdict == .dataRace, "\(report)")
  }

  @Test func `work that two CPUs queue is right where it counts in a word`() {
    let report = explore("marked irq work queued twice") { lab in
      let work = lab.allocate(MarkedWork())
      let firsts = lab.allocate(Word<UInt32>(0))
      for cpu in 0...1 {
        lab.thread("driver \(cpu)", cpu: cpu) {
          if work.record.work.queue() { _ = firsts.record.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally {
        let runs = work.record.runs.load(.relaxed)
        lab.expect(runs >= 1 && runs == firsts.record.load(.relaxed), "once for each queueing")
        lab.free(work)
        lab.free(firsts)
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions > 1)
  }

  @Test func `calling off races the worker: the item is called off, or it has run`() {
    let report = explore("cancel against worker") { lab in
      let queue = WorkQueue.make("worker", cpu: 1)
      let item = lab.allocate(CountedItem())
      lab.thread("driver", cpu: 0) {
        let handle = CountedItem.item.field(of: item)
        queue.schedule(handle)
        let wasCalledOff = queue.cancelAndWait(handle)
        lab.expect(item.record.runs.value == (wasCalledOff ? 0 : 1), "one of the two")
        lab.free(item)
        queue.destroy()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions > 1)
  }

  @Test func `a reader beside a writer never believes a torn pair`() {
    let report = explore("sequence count") { lab in
      let pair = lab.allocate(Pair())
      lab.thread("writer", cpu: 0) { pair.record.write(1) }
      lab.thread("reader", cpu: 1) {
        let (one, other) = pair.record.read()
        lab.expect(one == other, "the pair is whole")
      }
      lab.finally { lab.free(pair) }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions > 1)
  }

  @Test func `without asking again the reader believes a torn pair`() {
    let report = explore("no sequence count") { lab in
      let pair = lab.allocate(Pair())
      lab.thread("writer", cpu: 0) { pair.record.write(1) }
      lab.thread("reader", cpu: 1) {
        let one = pair.record.one.load(.relaxed)
        lab.expect(one == pair.record.other.load(.relaxed), "the pair is whole")
      }
      lab.finally { lab.free(pair) }
    }
    #expect(report.verdict != .passed)
  }
}

private struct CountedWork: ~Copyable {
  let work: IRQWork = IRQWork { work in
    let counted = CountedWork.work.record(around: work)
    // Apart, because the thread sanitizer takes `+=` for a change of the whole record (Limits).
    let runs = counted.record.runs.value
    counted.record.runs.value = runs + 1
  }
  let runs = Cell<UInt32>(0)

  static let work: FieldOffset<CountedWork, IRQWork> = FieldOffset<CountedWork, IRQWork> {
    $0.work.address
  }
}

/// Like `CountedWork`, for works that may run on two CPUs at once.
private struct MarkedWork: ~Copyable {
  let work: IRQWork = IRQWork { work in
    _ = MarkedWork.work.record(around: work).record.runs.fetchAdd(1, .relaxed)
  }
  let runs = Word<UInt32>(0)

  static let work: FieldOffset<MarkedWork, IRQWork> = FieldOffset<MarkedWork, IRQWork> {
    $0.work.address
  }
}

private struct CountedItem: ~Copyable {
  let item: WorkItem = WorkItem { item in
    CountedItem.item.record(around: item).record.runs.value += 1
  }
  let runs = Cell<UInt32>(0)

  static let item: FieldOffset<CountedItem, WorkItem> = FieldOffset<CountedItem, WorkItem> {
    $0.item.address
  }
}

/// An item that notes the word it runs with.
private struct HeirItem: ~Copyable {
  let item: WorkItem = WorkItem { item in
    HeirItem.item.record(around: item).record.word.value = Machine.inheritedWord
  }
  let word = Cell<UInt64>(0)

  static let item: FieldOffset<HeirItem, WorkItem> = FieldOffset<HeirItem, WorkItem> {
    $0.item.address
  }
}

/// An item that keeps its worker until it is let go.
private struct Gate: ~Copyable {
  let item: WorkItem = WorkItem { item in Gate.item.record(around: item).record.opened.wait() }
  let opened = Completion()

  static let item: FieldOffset<Gate, WorkItem> = FieldOffset<Gate, WorkItem> { $0.item.address }
}

private struct Pair: ~Copyable {
  let count = SequenceCount()
  let one = Word<UInt32>(0)
  let other = Word<UInt32>(0)

  func write(_ value: UInt32) {
    count.writeBegin()
    one.store(value, .relaxed)
    other.store(value, .relaxed)
    count.writeEnd()
  }

  func read() -> (UInt32, UInt32) {
    while true {
      let begun = count.readBegin()
      let pair = (one.load(.relaxed), other.load(.relaxed))
      if !count.mustRetry(begun) { return pair }
    }
  }
}
