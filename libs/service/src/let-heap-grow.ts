import { setFlagsFromString } from 'node:v8';

/**
 * Lets objects and buffers grow to 2.5 times of what is alive before all of them are collected. V8 takes 1.1 to 4 for its
 * objects, by how fast they come, and for objects and buffers together the same by how fast those of an embedder come.
 * Node puts next to none there, so that is 1.1 (`GlobalMemoryController` in `--trace-gc-verbose`), and a service through
 * which large payloads go collects all that it has several times a second.
 * Source: V8, src/heap/heap-controller.cc, MemoryController::GrowingFactor. What it gives: docs/reference/performance.md.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=150');
}
