import Fences
import Kernel
import Machine
import Reservations
import Scheduler
import SyncObjects

/// Decodes a film on the second device; in the middle it jumps, and a new stream begins.
struct VideoPlayer {
  let world: World

  func run() {
    var flight = FramesInFlight(.video, world.log, cpu: CPU.media)
    var pace = Pace(every: Limits.videoNanoseconds)
    let frames = max(world.options.frames / 2, 1)
    for frame in 1...frames {
      flight.settle(downTo: 1)
      if frame == frames / 2 {
        flight.settle(downTo: 0)
        world.media.restart()
      }
      let begin = pace.wait()
      do throws(Errno) {
        flight.add(try decode(frame), number: frame, begin: begin)
      } catch {
        Machine.expect(false, "cannot decode frame \(frame): \(error)")
        break
      }
    }
    world.video.putBuffers()
    flight.settle(downTo: 0)
  }

  private func decode(_ frame: Int) throws(Errno) -> Fence {
    let buffer = world.video.buffer(of: frame)
    // This engine cannot wait for another device, so its client does.
    let readers = try buffer.exportSyncFile(for: .write)
    readers.fence.wait()
    readers.put()
    let fence = try world.media.submit(
      nanoseconds: world.workload.nanoseconds(.decoding, .video, frame: frame))
    guard let file = SyncFile.make(fence) else { throw .noMemory }
    try buffer.importSyncFile(file, as: .write)
    world.video.post(frame, file)
    return fence
  }
}

/// Looks at the decoder's frames with the GPU's second engine.
struct ComputeJob {
  let world: World

  func run() {
    let entity = world.compute.makeEntity(.low)
    let results = (0..<2).map { _ in world.makeBuffer() }
    var flight = FramesInFlight(.compute, world.log, cpu: CPU.media)
    var pace = Pace(every: Limits.computeNanoseconds)
    for piece in 1...max(world.options.frames * 2 / 3, 1) {
      flight.settle(downTo: 1)
      let begin = pace.wait()
      do throws(Errno) {
        let fence = try analyse(piece, into: results[piece % 2], entity)
        flight.add(fence, number: piece, begin: begin)
      } catch {
        Machine.expect(false, "cannot run piece \(piece): \(error)")
        break
      }
    }
    for result in results { result.put() }
    flight.settle(downTo: 0)
    entity.destroy()
  }

  private func analyse(_ piece: Int, into result: Buffer, _ entity: Entity) throws(Errno) -> Fence {
    var work = Graphics.Work(writes: [result])
    let frame = world.video.newest
    let file = frame > 0 ? world.video.newestFile() : nil
    defer { file?.put() }
    if let file { work.after = [file.fence] }
    let fence = try world.compute.submit(
      nanoseconds: world.workload.nanoseconds(.computing, .compute, frame: piece), to: entity, work)
    if frame > 0 { try world.video.buffer(of: frame).importFences([fence], as: .read) }
    return fence
  }
}
