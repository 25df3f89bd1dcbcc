internal import Explorer
internal import Fences

extension WideFence {
  static let design = Design(
    name: "inline-beside", summary: "in the fence, beside the pointer: 72 bytes",
    origin: .proposed,
    remember: """
      Every fence grows past a cache line of 64 bytes; drivers may not reach for the pointer \
      themselves.
      """,
    twin: ("inline-flag", "the lock has bytes of its own"),
    bytes: .init(fence: MemoryLayout<WideFenceStorage>.stride),
    brokenRows: .init(reason: "a core of its own, with a lock and a flag only", canRun: false),
    forms: [
      "close": { lab in
        let context = ContextLock.make()
        let fence = WideFence.make().get()
        lab.thread("driver", cpu: 0) {
          fence.signal()
          fence.put()
          context.close()
        }
        lab.thread("importer", cpu: 1) {
          _ = fence.status()
          fence.put()
        }
      }
    ],
    probe: { lab in
      let fence = WideFence.make()
      lab.finally { fence.put() }
      return { _ = fence.status() }
    })
}
