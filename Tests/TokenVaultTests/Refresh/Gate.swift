import Foundation
import Synchronization

/// Holds threads and tasks until it is opened.
final class Gate: Sendable {
  private let isOpen = DispatchSemaphore(value: 0)
  private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>(
    (false, []))

  func open() {
    let waiting = state.withLock { state in
      defer { state = (true, []) }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
    isOpen.signal()
  }

  func wait() {
    isOpen.wait()
    isOpen.signal()
  }

  func waitInTask() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}

/// Holds each that arrives until all have.
final class Meeting: Sendable {
  private let missing: Mutex<Int>
  private let gate = Gate()

  init(of count: Int) { missing = Mutex(count) }

  func arrive() async {
    let isLast = missing.withLock {
      $0 -= 1
      return $0 == 0
    }
    if isLast { gate.open() }
    await gate.waitInTask()
  }
}

/// What threads and tasks have brought together.
final class Collected<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  func add(_ element: Element) { elements.withLock { $0.append(element) } }

  var all: [Element] { elements.withLock { $0 } }
}
