/** A queue that always gives the least name next: what makes the order of a graph the same every time. */
export class NameHeap<Name extends string> {
  readonly #names: Name[] = [];

  push(name: Name): void {
    const names = this.#names;
    let place = names.push(name) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = names[parent] as Name;
      if (above <= name) break;
      names[place] = above;
      place = parent;
    }
    names[place] = name;
  }

  pop(): Name | undefined {
    const names = this.#names;
    const least = names[0];
    const moved = names.pop();
    if (least === undefined || moved === undefined || names.length === 0) return least;
    let place = 0;
    while (true) {
      let child = place * 2 + 1;
      if (child >= names.length) break;
      if (child + 1 < names.length && (names[child + 1] as Name) < (names[child] as Name)) child++;
      if ((names[child] as Name) >= moved) break;
      names[place] = names[child] as Name;
      place = child;
    }
    names[place] = moved;
    return least;
  }
}
