import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { asProblem } from "../api/problem.ts";
import { ConfirmDialog } from "../dialogs/confirm-dialog.tsx";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { Card, Row, Rows } from "./card.tsx";
import { useList } from "./use-list.ts";

interface EntryWords {
  readonly title: string;
  readonly help: string;
  readonly make: string;
  readonly none: string;
  readonly noneHelp: string;
  readonly deleteTitle: (name: string) => string;
  readonly deleteHelp: string;
}

interface EntriesProps<Entry> {
  readonly words: EntryWords;
  readonly queryKey: readonly string[];
  readonly load: (signal: AbortSignal) => Promise<readonly Entry[]>;
  readonly mayChange: boolean;
  readonly nameOf: (entry: Entry) => string;
  readonly titleOf: (entry: Entry) => ReactNode;
  readonly factsOf: (entry: Entry) => ReactNode;
  /** Whether the entry always stays. */
  readonly isFixed?: (entry: Entry) => boolean;
  readonly remove: (id: string) => Promise<unknown>;
  /** The form for a new entry, or for the one that is changed. */
  readonly form: (entry: Entry | undefined, close: () => void, renew: () => Promise<void>) => ReactNode;
}

/** A list of the settings whose entries are made, changed and deleted. */
export function Entries<Entry extends { readonly id: string }>(props: EntriesProps<Entry>) {
  const { words, queryKey, load, mayChange, nameOf, titleOf, factsOf, isFixed, remove, form } = props;
  const [edited, setEdited] = useState<Entry | "new">();
  const [ending, setEnding] = useState<Entry>();
  const { data, error, refetch, renew, run } = useList(queryKey, load);

  if (error && data === undefined) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        mayChange && (
          <Button leftSection={<Plus size={16} />} onClick={() => setEdited("new")}>
            {words.make}
          </Button>
        )
      }
    >
      {data === undefined && <Skeleton />}
      {data?.length === 0 && <State level={2} title={words.none} help={words.noneHelp} />}
      <Rows>
        {data?.map((entry) => (
          <Row key={entry.id} title={titleOf(entry)} facts={factsOf(entry)}>
            {mayChange && (
              <>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${texts.settings.change}: ${nameOf(entry)}`}
                  onClick={() => setEdited(entry)}
                >
                  {texts.settings.change}
                </Button>
                {isFixed?.(entry) !== true && (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    aria-label={`${texts.selection.delete}: ${nameOf(entry)}`}
                    onClick={() => setEnding(entry)}
                  >
                    {texts.selection.delete}
                  </Button>
                )}
              </>
            )}
          </Row>
        ))}
      </Rows>
      {edited !== undefined &&
        form(
          edited === "new" ? undefined : edited,
          () => setEdited(undefined),
          () => renew(),
        )}
      {ending !== undefined && (
        <ConfirmDialog
          title={words.deleteTitle(nameOf(ending))}
          confirm={texts.selection.delete}
          onConfirm={() => void run(() => remove(ending.id))}
          onClose={() => setEnding(undefined)}
        >
          {words.deleteHelp}
        </ConfirmDialog>
      )}
    </Card>
  );
}
