import { cheapMs } from "./known-costs.ts";
import { clientOf, type UsedLately } from "./time-charges.ts";
import { isServers, type WaitingWork } from "./waiting-work.ts";

/** Accounts are compared first, and the clients of an account then. */
const levels = [
  {
    nameOf: ({ payers }) => payers.party.account,
    usedBy: (used, { payers }) => used.ofAccount(payers.party.account),
  },
  {
    nameOf: ({ payers }) => clientOf(payers.party),
    usedBy: (used, { payers }) => used.ofClient(payers.party),
  },
] as const satisfies readonly {
  /** The name of the group to which a work belongs. */
  readonly nameOf: (work: WaitingWork) => string;
  /** The time that the group has used lately. */
  readonly usedBy: (used: UsedLately, work: WaitingWork) => number;
}[];

/**
 * Finds the work that gives its place in a full line to a newcomer. It is the server's own, or of the account or the
 * client that has used, and waits for, more time than the newcomer's does with the new work. The dearest one goes, and
 * the latest of those.
 * @returns undefined where none gives way
 */
export function displacedWork<Work extends WaitingWork>(
  newcomer: WaitingWork,
  waiting: Iterable<Work>,
  used: UsedLately,
): Work | undefined {
  const all = [...waiting];
  if (all.length === 0 || isServers(newcomer)) return undefined;
  const servers = all.filter(isServers);
  if (servers.length > 0) return dearestOf(servers);
  let among = all;
  let givesWay = false;
  for (const { nameOf, usedBy } of levels) {
    const groups = Map.groupBy(among, nameOf);
    const demandOf = (works: readonly WaitingWork[]): number => {
      const [first] = works;
      return first === undefined ? 0 : usedBy(used, first) + works.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
    };
    const heaviest = [...groups].map(([name, works]) => ({ name, works, demand: demandOf(works) })).reduce(heavier);
    const own = groups.get(nameOf(newcomer)) ?? [];
    const isLighter = demandOf([...own, newcomer]) + cheapMs < heaviest.demand;
    givesWay ||= heaviest.name !== nameOf(newcomer) && isLighter;
    among = givesWay || heaviest.name === nameOf(newcomer) ? heaviest.works : own;
    if (among.length === 0) return undefined;
  }
  return givesWay ? dearestOf(among) : undefined;
}

function heavier<Group extends { readonly demand: number }>(one: Group, other: Group): Group {
  return other.demand > one.demand ? other : one;
}

function dearestOf<Work extends WaitingWork>(works: readonly Work[]): Work | undefined {
  return works.reduce<Work | undefined>(
    (dearest, work) => (dearest === undefined || work.expectedMs >= dearest.expectedMs ? work : dearest),
    undefined,
  );
}
