import Drivers
import Explorer
import Fences
import Hardware
import Kernel
import Machine
import Testing

/// Each driver at a stated bound: right in every execution, and with one mistake of its own wrong
/// in some.
///
/// The scenarios play the engine: they write its seqno and call the driver's handler.
private func expectPassed(_ report: ExplorationReport) {
  #expect(report.verdict == .passed, "\(report.failure?.message ?? "\(report)")")
  #expect(report.isExhaustive, "\(report)")

}

private func expectCaught(_ report: ExplorationReport, _ verdicts: [Verdict]) {
  #expect(verdicts.contains(report.verdict), "\(report.failure?.message ?? "\(report)")")
}

// MARK: - Software timeline: one fence that is put while the timeline advances

private func exploreTimeline(_ mistake: SoftwareTimeline.Mistake) -> ExplorationReport {
  explore("software timeline") { lab in
    let timeline = SoftwareTimeline.make(mistake)
    let fence = timeline.fence()
    lab.thread("user", cpu: 0) { fence.put() }
    lab.thread("timeline", cpu: 1) { timeline.advance(by: 1) }
    lab.finally { timeline.close() }
  }
}

@Test func `a timeline leaves fences alone whose last reference is gone`() {
  expectPassed(exploreTimeline(.none))
  // The reference count itself says that nobody owned the fence any more.
  expectCaught(exploreTimeline(.wakesTheDying), [.expectationFailed, .doubleFree])
}

// MARK: - CRTC: one frame, one reader of its name, the controller goes

private func exploreCRTC(_ mistake: CRTCDriver.Mistake) -> ExplorationReport {
  explore("crtc") { lab in
    let crtc = CRTCDriver.open(number: 3, mistake)
    let fence = crtc.flip()
    lab.thread("reader", cpu: 0) {
      _ = fence.timelineName
      fence.put()
    }
    lab.thread("display", cpu: 1) {
      crtc.handleVerticalBlank()
      crtc.close()
    }
  }
}

@Test func `a controller outlives a reader that is inside its names`() {
  expectPassed(exploreCRTC(.none))
  expectCaught(exploreCRTC(.skipsTheGracePeriod), [.useAfterFree])
}

// MARK: - Writeback: one job that fails, one waiter

private func exploreWriteback(_ mistake: WritebackDriver.Mistake) -> ExplorationReport {
  explore("writeback") { lab in
    let connector = WritebackDriver.open(mistake)
    let fence = connector.queueJob()
    lab.thread("waiter", cpu: 0) {
      lab.spin(until: fence.signaledFlag)
      fence.withLock {}
      lab.expect(fence.error == .inputOutput, "the error is not there")
      fence.put()
    }
    lab.interrupt("writeback", cpu: 1) { connector.completeOldest(.inputOutput) }
    lab.finally { connector.close() }
  }
}

@Test func `a waiter for a writeback sees its error`() {
  expectPassed(exploreWriteback(.none))
  #expect(exploreWriteback(.setsTheErrorLate).verdict != .passed)
}

// MARK: - Channel: two fences of which one asks for its signal

private func exploreChannel(_ mistake: ChannelDriver.Mistake) -> ExplorationReport {
  explore("channel") { lab in
    let engine = Engine.make("engine 0")
    let channel = ChannelDriver.open(engine, mistake)
    let first = channel.emit()
    let second = channel.emit()
    lab.thread("user", cpu: 0) { second.enableSignaling() }
    lab.thread("engine", cpu: 1) {
      engine.writeBack(2)
      channel.update()
    }
    lab.finally {
      lab.expect(!channel.wantsInterrupts, "the interrupt is on for nobody")
      lab.expect(first.testSignaledFlag() && second.testSignaledFlag(), "a fence was forgotten")
      first.put()
      second.put()
      channel.close()
      engine.free()
    }
  }
}

@Test func `exactly the fences that asked give the interrupt back`() {
  expectPassed(exploreChannel(.none))
  expectCaught(exploreChannel(.forgetsWhoAsked), [.expectationFailed])
}

// MARK: - Wait queue: one sleeper, one interrupt

private func exploreWaitQueue(_ mistake: WaitQueueDriver.Mistake) -> ExplorationReport {
  explore("wait queue") { lab in
    let engine = Engine.make("engine 0")
    let driver = WaitQueueDriver.open(engine, mistake)
    let fence = driver.emit()
    lab.thread("waiter", cpu: 0) { fence.wait() }
    lab.interrupt("irq", cpu: 1) {
      engine.writeBack(1)
      driver.handleInterrupt()
    }
    lab.finally {
      fence.put()
      driver.close()
      engine.free()
    }
  }
}

@Test func `a waiter on the device's queue is always woken`() {
  expectPassed(exploreWaitQueue(.none))
  expectCaught(exploreWaitQueue(.wakesTooEarly), [.endlessWait, .deadlock])
}

// MARK: - Seqno waiter: one waiter asks while the device passes its seqno

private func exploreSeqnoWaiter(_ mistake: SeqnoWaiterDriver.Mistake) -> ExplorationReport {
  explore("seqno waiter") { lab in
    let engine = Engine.make("engine 0")
    let driver = SeqnoWaiterDriver.open(engine, mistake)
    let fence = driver.emit()
    lab.thread("waiter", cpu: 0) { fence.wait() }
    lab.thread("device", cpu: 1) {
      engine.writeBack(1)
      if driver.wantsInterrupts { driver.handleInterrupt() }
    }
    lab.finally {
      fence.put()
      driver.close()
      engine.free()
    }
  }
}

@Test func `a seqno that passes while somebody asks is not missed`() {
  expectPassed(exploreSeqnoWaiter(.none))
  expectCaught(exploreSeqnoWaiter(.skipsTheSecondLook), [.endlessWait, .deadlock])
}

// MARK: - Pending list: the last holder goes while interrupt work walks the list

private func explorePendingList(_ mistake: PendingListDriver.Mistake) -> ExplorationReport {
  explore("pending list") { lab in
    let engine = Engine.make("engine 0")
    let driver = PendingListDriver.open(engine, mistake)
    let fence = driver.emit()
    lab.thread("holder", cpu: 0) {
      fence.enableSignaling()
      fence.put()
    }
    lab.interrupt("irq", cpu: 1) {
      engine.writeBack(1)
      driver.handleInterrupt()
    }
    lab.finally {
      driver.close()
      engine.free()
    }
  }
}

@Test func `a listed fence lives until the list lets it go`() {
  expectPassed(explorePendingList(.none))
  expectCaught(
    explorePendingList(.borrowsTheReference), [.useAfterFree, .dataRace, .expectationFailed])
}

// MARK: - Eviction: one waiter

private func exploreEviction(_ mistake: EvictionDriver.Mistake) -> ExplorationReport {
  explore("eviction") { lab in
    let workers = WorkQueue.make("worker", cpu: 1)
    let driver = EvictionDriver.open(workers: workers, mistake)
    let fence = driver.fence()
    lab.thread("mover", cpu: 0) {
      fence.wait()
      lab.expect(!driver.areQueuesRunning, "memory moves under running queues")
      fence.put()
    }
    lab.finally {
      driver.close()
      workers.destroy()
    }
  }
}

@Test func `whoever waits for an eviction finds the queues stopped`() {
  expectPassed(exploreEviction(.none))
  expectCaught(exploreEviction(.signalsFirst), [.expectationFailed])
}

// MARK: - Requests: one reader while one request replaces another

private func exploreRequests(_ mistake: RequestDriver.Mistake) -> ExplorationReport {
  explore("requests") { lab in
    let driver = RequestDriver.open(mistake)
    if let first = driver.request(seqno: 1) { driver.begin(first) }
    lab.thread("reader", cpu: 0) {
      guard let request = driver.runningRequest() else { return }
      lab.expect(request.seqno == 1, "the reader has a request that never ran")
      request.put()
    }
    lab.thread("engine", cpu: 1) {
      driver.retire()
      driver.request(seqno: 2)?.put()
    }
    lab.finally { driver.close() }
  }
}

@Test func `a reader of the running request gets that one or none`() {
  expectPassed(exploreRequests(.none))
  expectCaught(exploreRequests(.trustsTheAddress), [.expectationFailed, .dataRace])
}

// MARK: - Polling: two jobs, one interrupt for both, and a poll at any time

private func explorePolling(_ mistake: PollingDriver.Mistake) -> ExplorationReport {
  explore("polling") { lab in
    let device = Device.make()
    let engine = Engine.make("engine 0", on: device)
    let driver = PollingDriver.openWithoutWatchdog(engine, on: device, mistake)
    let fences = (0..<2).compactMap { _ in try? driver.submit(nanoseconds: 0) }
    lab.interrupt("irq", cpu: 0) {
      engine.writeBack(2)
      driver.handleInterrupt()
    }
    lab.thread("poller", cpu: 1) { driver.poll() }
    lab.finally {
      for fence in fences {
        lab.expect(fence.testSignaledFlag(), "one interrupt for two jobs signaled only one")
      }
      driver.poll()
      for fence in fences { fence.put() }
      driver.free()
      engine.free()
      device.free()
    }
  }
}

@Test func `one interrupt is enough for all jobs that are over`() {
  expectPassed(explorePolling(.none))
  expectCaught(explorePolling(.countsInterrupts), [.expectationFailed])
}

@Test func `a submission without memory publishes nothing`() {
  let report = explore("allocation failure") { lab in
    let device = Device.make()
    let engine = Engine.make("engine 0", on: device)
    let driver = PollingDriver.openWithoutWatchdog(engine, on: device)
    lab.thread("submitter", cpu: 0) {
      do throws(Errno) {
        let fence = try driver.submit(nanoseconds: 0)
        engine.writeBack(1)
        driver.poll()
        lab.expect(fence.testSignaledFlag(), "a published fence was forgotten")
        fence.put()
        lab.outcome("submitted")
      } catch {
        lab.outcome("\(error)")
      }
    }
    lab.finally {
      driver.free()
      engine.free()
      device.free()
    }
  }
  expectPassed(report)
  #expect(Set((report.outcomes ?? []).map(\.outcome)) == ["submitted", "-ENOMEM"])
}

// MARK: - Inline locks: one job, a callback into the driver, and a module that goes

private func exploreInlineLock(_ mistake: InlineLockDriver.Mistake) -> ExplorationReport {
  explore("inline locks") { lab in
    let engine = Engine.make("engine 0")
    let driver = InlineLockDriver.load(engine, mistake)
    let fence = driver.emit()
    let callback = lab.allocate(FenceCallback())
    try? fence.addCallback(callback) { _, _ in driver.emit().put() }
    lab.thread("irq thread", cpu: 0) {
      engine.writeBack(1)
      driver.handleInterrupt()
      driver.unload()
    }
    lab.thread("other driver", cpu: 1) {
      _ = fence.driverName
      fence.put()
    }
    lab.finally {
      lab.free(callback)
      engine.free()
    }
  }
}

@Test func `a callback may call the driver and a module may go under its fences`() {
  expectPassed(exploreInlineLock(.none))
  expectCaught(exploreInlineLock(.signalsUnderItsLock), [.deadlock, .lockMisuse, .lockOrder])
  expectCaught(exploreInlineLock(.unloadsAtOnce), [.useAfterFree])
}

@Test func `a fence whose module is gone has general names and its state`() {
  let engine = Engine.make("engine 0")
  let driver = InlineLockDriver.load(engine)
  let done = driver.emit()
  let lost = driver.emit()
  engine.writeBack(1)
  driver.handleInterrupt()
  driver.unload()
  #expect(done.driverName != "inline lock")
  #expect(done.status() == .done)
  #expect(lost.status() == .failed(.noDevice))
  done.put()
  lost.put()
  RCU.barrier()
  engine.free()
}
