/**
 * The ways in which a step treats a resource. The order of two steps matters if they are of different kinds, or if
 * both are changes.
 */
type Kind = "looks" | "adds" | "changes";

/**
 * The resources that a step touches, and how. Two steps of different actors whose footprints are apart lead to the same
 * state in either order, so only one of the orders has to be run.
 */
export class Footprint {
  readonly #kinds = new Map<string, Set<Kind>>();

  /** Records that the step reads these resources. */
  looks(...resources: readonly string[]): this {
    return this.#touch(resources, "looks");
  }

  /** Records that the step adds something to these resources. The order of several additions doesn't matter. */
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
