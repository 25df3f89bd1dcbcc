import Explorer
import Fences
import Kernel
import Machine
import Scheduler

/// Small programs of the scheduler and its device.
enum ModelScenario {
  /// The device may be done before anybody watches its fence.
  static func submission(_ lab: Lab) {
    let model = Model()
    let entity = Entity.make(on: model.scheduler)
    guard let finished = model.submit(to: entity) else { return }
    lab.thread("device", cpu: 0) { model.device.waitAndWork() }
    lab.finally {
      lab.expect(finished.status() == .done, "the job ended well")
      lab.expect(model.device.freeCount == 1, "the job was freed once")
      finished.put()
      entity.destroy()
      model.end()
    }
  }
}
