/** Lets at most `free` tasks run at one time; the others wait in order. */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];

  public constructor(private free: number) {}

  public async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.free > 0) {
      this.free--;
    } else {
      await new Promise<void>(resolve => this.waiting.push(resolve));
    }
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) {
        next();
      } else {
        this.free++;
      }
    }
  }
}
