#if !Bare
  internal import BenchmarkKit
  internal import Drivers
  internal import Fences
  internal import Glibc
  internal import Hardware
  internal import Kernel
  internal import Machine
  internal import Scheduler
  internal import Simulator

  /// Jobs through the scheduler, its driver and a simulated engine, in virtual time.
  ///
  /// Two clients keep sixteen jobs each in flight until so many are over. One run for each power of
  /// ten; what is printed is how the time grows, and how much memory the process has touched.
  enum JobLoad {
    private static let window = 16

    /// Runs up to so many jobs.
    static func measure(upTo largest: Int) {
      // The first run warms caches and the allocator.
      _ = time(10_000)
      print("jobs through scheduler and device  grows  events a job  objects at once  MiB")
      var first: UInt64 = 0
      var size = 10_000
      while size <= largest {
        // A small run is over before the machine has settled, so the fastest of some counts.
        let runs = (0..<(size < 1_000_000 ? 5 : 1)).map { _ in time(size) }
        let best = runs.map(\.nanoseconds).min() ?? 1
        if size == 10_000 { first = best }
        let exponent =
          size == 10_000
          ? "" : text(log(Double(best) / Double(first)) / log(Double(size) / 10_000))
        let report = runs[0].report
        precondition(report.isClean, "\(report.failures) \(report.stuck) \(report.isCut)")
        print(
          pad("\(size)", 33), pad(exponent, 6), pad("\(report.eventCount / size)", 13),
          pad("\(report.liveObjectCountMax)", 16), residentMebibytes())
        size *= 10
      }
    }

    private static func time(_ count: Int) -> (nanoseconds: UInt64, report: SimulationReport) {
      let begin = threadTime()
      let report = Simulation.run(
        "Jobs", processors: [.cpu("cpu 0"), .cpu("cpu 1"), .cpu("cpu 2"), .device("engine 0")],
        eventCountMax: .max, isDrawing: false
      ) { lab in
        lab.thread("owner", cpu: 0) { run(count) }
      }
      return (threadTime() - begin, report)
    }

    private static func run(_ count: Int) {
      let device = Device.make()
      let engine = Engine.make("engine 0", on: device)
      let driver = ScheduledDriver.open(engine, on: device)
      let line = InterruptLine("irq", cpu: 0) { driver.handleInterrupt() }
      let thread = engine.start(processor: 3, interrupt: line)
      let clients = (1...2).map { cpu in
        KernelThread.start("client \(cpu)", cpu: cpu) { feed(driver, count / 2) }
      }
      for client in clients { client.join() }
      driver.close()
      engine.stop(thread)
      line.disconnect()
      driver.free()
      RCU.barrier()
      engine.free()
      device.free()
    }

    /// One client: submits, and waits for the oldest job where too many are in flight.
    private static func feed(_ driver: ScheduledDriver, _ count: Int) {
      let entity = driver.makeEntity()
      var flying: [Fence?] = Array(repeating: nil, count: window)
      for number in 0..<count + window {
        if let fence = flying[number % window] {
          fence.wait()
          Machine.expect(fence.error == nil, "a job ended with an error")
          fence.put()
        }
        flying[number % window] =
          number < count ? try? driver.submit(nanoseconds: 300, to: entity) : nil
      }
      entity.destroy()
    }

    /// The most memory that the process ever had at one time.
    private static func residentMebibytes() -> Int {
      var usage = rusage()
      // Safety: the call fills in the value that it gets.
      unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss / 1024
    }

    private static func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func text(_ value: Double) -> String {
      let thousandths = Int((value * 1000).rounded())
      let fraction = "\(thousandths % 1000)"
      return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
  }
#endif
