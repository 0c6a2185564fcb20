/** How a step treats a resource. Any two of different kinds, and two changes, depend on each other's order. */
type Kind = "looks" | "adds" | "changes";

/**
 * What a step does to which resources. Two steps of different actors that are apart lead to the same state in either
 * order, so that only one of the orders has to be run.
 */
export class Footprint {
  readonly #kinds = new Map<string, Set<Kind>>();

  /** Sees what is there. */
  looks(...resources: readonly string[]): this {
    return this.#touch(resources, "looks");
  }

  /** Leaves something there in such a way that it matters nothing which of several that do so comes first. */
  adds(...resources: readonly string[]): this {
    return this.#touch(resources, "adds");
  }

  changes(...resources: readonly string[]): this {
    return this.#touch(resources, "changes");
  }

  include(other: Footprint): this {
    for (const [resource, kinds] of other.#kinds) for (const kind of kinds) this.#touch([resource], kind);
    return this;
  }

  isApartFrom(other: Footprint): boolean {
    for (const [resource, kinds] of this.#kinds) {
      const others = other.#kinds.get(resource);
      if (others === undefined) continue;
      const all = new Set([...kinds, ...others]);
      if (all.size > 1 || all.has("changes")) return false;
    }
    return true;
  }

  #touch(resources: readonly string[], kind: Kind): this {
    for (const resource of resources) {
      const kinds = this.#kinds.get(resource) ?? new Set();
      this.#kinds.set(resource, kinds.add(kind));
    }
    return this;
  }
}
