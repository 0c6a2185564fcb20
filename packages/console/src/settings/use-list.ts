import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { tellProblem } from "../shell/tell-problem.ts";

/** A list of the settings, and how it is changed. */
export function useList<Item>(queryKey: QueryKey, load: (signal: AbortSignal) => Promise<readonly Item[]>) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey, queryFn: ({ signal }) => load(signal) });
  const renew = () => client.invalidateQueries({ queryKey });

  /** Changes something and asks for the list again. A refusal is shown as a notice. */
  async function run(change: () => Promise<unknown>): Promise<void> {
    try {
      await change();
    } catch (thrown) {
      tellProblem(thrown);
    }
    await renew();
  }

  return { data, error, refetch, renew, run };
}
