import Fences
import Kernel
import Machine
import SyncObjects
import Timeline

/// Starts everybody, waits for them, and takes the machine down.
enum Session {
  static func run(
    _ options: Desktop.Options, _ log: DesktopLog, _ recorder: TimelineRecorder?
  ) {
    let world = World(options, log, recorder)
    let monitor = Monitor.open(world)
    let compositor = KernelThread.start("compositor", cpu: CPU.compositor) {
      var compositor = Compositor(world: world)
      compositor.run()
    }
    let clients = [
      KernelThread.start("game A", cpu: CPU.games) { ExplicitGame(world: world).run() },
      KernelThread.start("game B", cpu: CPU.games) { ImplicitGame(world: world).run() },
      KernelThread.start("video", cpu: CPU.media) { VideoPlayer(world: world).run() },
      KernelThread.start("compute", cpu: CPU.media) { ComputeJob(world: world).run() },
    ]
    for client in clients { client.join() }
    world.noteClientsDone()
    compositor.join()
    let kept = monitor.close()
    world.waitForBuffers()
    world.stopDevices()
    unload(world, whileKeeping: kept)
    world.free()
  }

  /// Unloads the media driver while somebody keeps a file of its; a module that the file's fence
  /// keeps goes after the file.
  private static func unload(_ world: World, whileKeeping kept: SyncFile?) {
    world.video.post(0)
    RCU.barrier()
    let isUnloaded = world.media.unload()
    if let kept {
      _ = kept.fence.driverName
      kept.put()
    }
    RCU.barrier()
    if !isUnloaded {
      Machine.expect(world.media.unload(), "nobody keeps the media driver any more")
    }
  }
}
