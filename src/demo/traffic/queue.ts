/** A queue ordered by time, earliest first; ties in the order added. */
export interface Queue<T> {
  length(): number;
  add(time: number, item: T): void;
  /** The earliest time. */
  next(): number;
  take(): T;
}

interface Entry<T> {
  time: number;
  order: number;
  item: T;
}

const earlier = <T>(a: Entry<T>, b: Entry<T>) => a.time < b.time || (a.time === b.time && a.order < b.order);

/** The queue as a binary heap. */
export function createQueue<T>(): Queue<T> {
  const heap: Entry<T>[] = [];
  let added = 0;
  return {
    length: () => heap.length,
    next: () => heap[0].time,
    add(time, item) {
      const entry = { time, order: added++, item };
      let at = heap.push(entry) - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (earlier(heap[parent], entry)) break;
        heap[at] = heap[parent];
        at = parent;
      }
      heap[at] = entry;
    },
    take() {
      const first = heap[0];
      const last = heap.pop()!;
      if (heap.length === 0) return first.item;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && earlier(heap[child + 1], heap[child])) child++;
        if (!earlier(heap[child], last)) break;
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = last;
      return first.item;
    },
  };
}
