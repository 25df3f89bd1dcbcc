import Fences
import Kernel
import Machine
import Reservations
import Scheduler
import SyncObjects

/// A game that synchronises explicitly: it waits for nothing that it does not name.
struct ExplicitGame {
  let world: World

  func run() {
    let entity = world.render.makeEntity(.normal)
    var flight = FramesInFlight(.explicitGame, world.log, cpu: CPU.games)
    var pace = Pace(every: Limits.refreshNanoseconds)
    for frame in 1...world.options.frames {
      flight.settle(downTo: 2)
      let begin = pace.wait()
      Machine.delay(nanoseconds: UInt64(duration(.gameLogic, frame)))
      do throws(Errno) {
        flight.add(try draw(frame, entity), number: frame, begin: begin)
      } catch {
        Machine.expect(false, "cannot draw frame \(frame): \(error)")
        break
      }
    }
    world.explicitGame.putBuffers()
    flight.settle(downTo: 0)
    entity.destroy()
  }

  private func draw(_ frame: Int, _ entity: Entity) throws(Errno) -> Fence {
    var work = Graphics.Work()
    let upload = world.makeBuffer()
    // It dies when the job is over.
    defer { upload.put() }
    work.writes = [upload]
    work.keeps = [world.explicitGame.buffer(of: frame)]
    let earlier = frame - world.explicitGame.buffers.count
    if earlier > 0 {
      work.after = [
        try world.timelines.release.findFence(at: UInt64(earlier), .forSubmit)
      ]
    }
    defer { for fence in work.after { fence.put() } }
    let fence = try world.render.submit(
      nanoseconds: duration(.drawing, frame), to: entity, work)
    SurfaceTimelines.add(frame, fence, to: world.timelines.acquire)
    world.explicitGame.post(frame)
    return fence
  }

  private func duration(_ task: Workload.Task, _ frame: Int) -> UInt32 {
    world.workload.nanoseconds(task, .explicitGame, frame: frame)
  }
}

/// A game that knows nothing of fences: what it draws into says whom it waits for.
struct ImplicitGame {
  let world: World

  func run() {
    let entity = world.render.makeEntity(.normal)
    var flight = FramesInFlight(.implicitGame, world.log, cpu: CPU.games)
    var pace = Pace(every: Limits.refreshNanoseconds)
    for frame in 1...world.options.frames {
      flight.settle(downTo: 2)
      let begin = pace.wait()
      Machine.delay(nanoseconds: UInt64(duration(.gameLogic, frame)))
      do throws(Errno) {
        flight.add(try draw(frame, entity), number: frame, begin: begin)
      } catch {
        Machine.expect(false, "cannot draw frame \(frame): \(error)")
        break
      }
    }
    world.implicitGame.putBuffers()
    flight.settle(downTo: 0)
    entity.destroy()
  }

  private func draw(_ frame: Int, _ entity: Entity) throws(Errno) -> Fence {
    let upload = world.makeBuffer()
    // It dies when the job is over.
    defer { upload.put() }
    let work = Graphics.Work(writes: [world.implicitGame.buffer(of: frame), upload])
    let fence = try world.render.submit(
      nanoseconds: duration(.drawing, frame), to: entity, work)
    world.implicitGame.post(frame)
    return fence
  }

  private func duration(_ task: Workload.Task, _ frame: Int) -> UInt32 {
    world.workload.nanoseconds(task, .implicitGame, frame: frame)
  }
}
