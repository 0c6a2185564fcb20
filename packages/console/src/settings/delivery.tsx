import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { sessionKey } from "../api/queries.ts";
import { notify } from "../shell/notice-store.ts";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState } from "../shell/states.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { useTurns } from "../shell/use-turns.ts";
import { texts } from "../texts/texts.ts";
import { Card } from "./card.tsx";
import styles from "./delivery.module.css";
import { DeliveryControl } from "./delivery-control.tsx";
import { groups, type Switches, type SwitchName } from "./delivery-groups.ts";

const words = texts.settings.delivery;
const queryKey = ["delivery switches"];

type Value = Switches[SwitchName];

/** Shows how the account delivers. A change takes effect at once, says what it means for visitors, and can be undone. */
export function Delivery() {
  const client = useQueryClient();
  const inTurn = useTurns();
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await call("GET /_sluice/delivery-switches", {}, signal)).body,
  });

  /** @throws Problem */
  function send(name: SwitchName, value: Value): Promise<void> {
    return inTurn(async () => {
      const { body } = await call("PATCH /_sluice/delivery-switches", { body: { [name]: value } as never });
      client.setQueryData(queryKey, body);
      await client.invalidateQueries({ queryKey: sessionKey });
    });
  }

  /** @throws Problem */
  async function set(name: SwitchName, value: Value): Promise<void> {
    const before = data?.switches[name];
    await send(name, value);
    const undo = () => void (before !== undefined && send(name, before).catch(tellProblem));
    const message = words.changed(words.switches[name].label);
    notify({ kind: "done", message, action: { label: texts.done.undo, run: undo } });
  }

  if (error && data === undefined) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  if (data === undefined)
    return (
      <Card title={words.title} help={words.help}>
        <Skeleton rows={8} />
      </Card>
    );
  return (
    <Card title={words.title} help={words.help}>
      {(Object.keys(groups) as (keyof typeof groups)[]).map((group) => (
        <section key={group} aria-label={words.groups[group]} className={styles.group}>
          <h2 className={styles.heading}>{words.groups[group]}</h2>
          {groups[group].map((name) => (
            <DeliveryControl
              key={name}
              name={name}
              value={data.switches[name]}
              standard={data.defaults[name]}
              onSet={(value) => set(name, value)}
            />
          ))}
        </section>
      ))}
    </Card>
  );
}
