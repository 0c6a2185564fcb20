/** A feature that forbids something. A server that doesn't know the feature would go on doing it. */
export interface RestrictingFeature {
  /** The level that a server needs to know the feature. Each new feature has the next level, and keeps it. */
  readonly level: number;
  /** The first version whose servers know the feature. */
  readonly since: string;
  /** What refusals call the feature. */
  readonly name: string;
}

/**
 * The restricting features, each with the level at which it came. `assertAllNodesKnow` lets one be switched on while no
 * server of a lower level lives. Level 1 is what servers knew when they began to register: roles of key pairs, storage
 * limits and signed thumbnails as well. All servers that register know those, so nothing has to be asked for them.
 */
export const restrictingFeatures = {
  contentHolds: { level: 1, since: "0.2.0", name: "content holds" },
} as const satisfies Readonly<Record<string, RestrictingFeature>>;

/** The level of this program's servers. */
export const featureLevel = Math.max(...Object.values(restrictingFeatures).map(({ level }) => level));
