import { Badge, Button } from "@mantine/core";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { dateText } from "../library/library-file.ts";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { browserOf } from "./browser-name.ts";
import { Card, Row, Rows } from "./card.tsx";
import { useList } from "./use-list.ts";

const words = texts.settings.sessions;

/** The sessions of the account's console. Each session can be ended from here. */
export function Sessions() {
  const {
    data: sessions,
    error,
    refetch,
    run,
  } = useList(["sessions"], async (signal) => (await call("GET /_sluice/console/sessions", {}, signal)).body);
  const end = (id: string) => run(() => call("DELETE /_sluice/console/sessions/:id", { parameters: { id } }));

  if (error && sessions === undefined)
    return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return (
    <Card title={words.title} help={words.help}>
      {sessions === undefined && <Skeleton />}
      <Rows>
        {sessions?.map(({ id, role, publicKey, current, client, lastSeenAt, endsAt }) => {
          const browser = browserText(client);
          return (
            <Row
              key={id}
              title={
                <>
                  <span title={client}>{browser}</span>
                  <Badge variant="light">{texts.settings.keys.roles[role]}</Badge>
                  {current && <Badge variant="outline">{words.own}</Badge>}
                </>
              }
              facts={[publicKey, words.lastSeen(dateText(lastSeenAt)), words.ends(dateText(endsAt))].join(" · ")}
            >
              {!current && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  aria-label={`${words.end}: ${browser}`}
                  onClick={() => void end(id)}
                >
                  {words.end}
                </Button>
              )}
            </Row>
          );
        })}
      </Rows>
    </Card>
  );
}

/** The browser as people call it. A program that is none of the known ones is shown by its user agent. */
function browserText(userAgent: string): string {
  const { browser, system } = browserOf(userAgent) ?? {};
  if (browser === undefined) return userAgent;
  return system === undefined ? browser : words.browserOn(browser, system);
}
