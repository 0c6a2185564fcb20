// biome-ignore lint/suspicious/noExplicitAny: what a use case takes besides and answers is its own affair
type UseCase = (needs: any, ...others: any[]) => unknown;

/** The parts that a use case is given, as its first argument names them: its route is given the same. */
export type NeedsOf<Called extends UseCase> = Parameters<Called>[0];
