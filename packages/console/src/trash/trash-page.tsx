import { Button, Checkbox, Group, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { maxTrashSearchLength } from "@sluice/protocol";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { RotateCcw, Search, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { ConfirmDialog } from "../dialogs/confirm-dialog.tsx";
import { useMayChange, useSession } from "../door/session.ts";
import { tellChange } from "../library/changes.ts";
import { deleteForGood, restoreFiles } from "../library/delete-items.ts";
import { dateText, sizeText } from "../library/library-file.ts";
import { notify } from "../shell/notice-store.ts";
import { ProblemState, State } from "../shell/states.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import styles from "./trash-page.module.css";
import { type TrashedFile, TrashedThumbnail } from "./trashed-thumbnail.tsx";

const words = texts.trash;
const pageSize = 100;

/** The deleted files that can still be restored. */
export function TrashPage() {
  const mayChange = useMayChange();
  const { features } = useSession();
  const [isAsking, setAsking] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const [typed, setTyped] = useState("");
  const [searched] = useDebouncedValue(typed.trim(), 250);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching, isPlaceholderData } = useInfiniteQuery({
    queryKey: ["trash", searched],
    enabled: mayChange,
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) =>
      (
        await call(
          "GET /_sluice/trash",
          {
            query: {
              limit: pageSize,
              ...(searched !== "" && { nameContains: searched }),
              ...(cursor !== undefined && { cursor }),
            },
          },
          signal,
        )
      ).body,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const files = data?.pages.flatMap((page) => page.files);
  const isEmpty = files?.length === 0;
  // A page of a search through a very large trash may have no files, and others behind it.
  const goesOn = isEmpty && hasNextPage && !isFetching && error === null;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  // What has gone meanwhile is chosen no more.
  const selected = (files ?? []).filter(({ fileId }) => chosen.has(fileId));
  const choose = (fileIds: readonly string[], isChosen: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      for (const fileId of fileIds) isChosen ? after.add(fileId) : after.delete(fileId);
      return after;
    });

  async function empty(): Promise<void> {
    try {
      await call("POST /_sluice/trash/empty", { body: { all: true } });
      notify({ kind: "done", message: words.emptied });
    } catch (thrown) {
      tellProblem(thrown);
    }
    tellChange({ kind: "changed" });
  }

  const bin = <Trash2 size={40} strokeWidth={1.5} aria-hidden />;
  if (!mayChange) return <State title={words.title} help={texts.problem.forbidden} picture={bin} />;
  const problem = error && <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  // What is searched for can be changed after a refusal.
  if (problem && searched === "") return problem;
  // While the results of a search still stand, the field stays, with what is typed next.
  if (isEmpty && searched === "" && typed === "" && !isPlaceholderData) {
    const isOff = !features.trashDays;
    return (
      <State title={isOff ? words.off : words.empty} help={isOff ? words.offHelp : words.emptyHelp} picture={bin} />
    );
  }
  return (
    <div className={styles.page}>
      <Group justify="space-between" className={styles.head}>
        <Title order={1} size="h4">
          {words.title}
        </Title>
        <Button variant="default" color="red" onClick={() => setAsking(true)} disabled={!files}>
          {words.emptyNow}
        </Button>
      </Group>
      <TextInput
        type="search"
        className={styles.search}
        aria-label={words.search}
        placeholder={words.search}
        leftSection={<Search size={16} aria-hidden />}
        maxLength={maxTrashSearchLength}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      {problem}
      {isEmpty && !hasNextPage && !isFetching && !problem && (
        <State level={2} title={texts.library.nothingFound} help={words.nothingFoundHelp} />
      )}
      {files !== undefined && !isEmpty && (
        <div className={styles.tools} role="toolbar" aria-label={texts.selection.count(selected.length)}>
          <Checkbox
            label={words.select(files.length, hasNextPage)}
            checked={selected.length === files.length}
            indeterminate={selected.length > 0 && selected.length < files.length}
            onChange={({ currentTarget: { checked } }) =>
              choose(
                files.map(({ fileId }) => fileId),
                checked,
              )
            }
          />
          {selected.length > 0 && (
            <>
              <Text size="sm" aria-live="polite">
                {texts.selection.count(selected.length)}
              </Text>
              <Button
                size="compact-sm"
                variant="light"
                leftSection={<RotateCcw size={14} />}
                onClick={() => void restoreFiles(selected)}
              >
                {words.restore}
              </Button>
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => setDeleting(true)}>
                {texts.dialogs.deleteNow}
              </Button>
            </>
          )}
        </div>
      )}
      <ul className={styles.list} aria-busy={isFetching}>
        {files?.map((file) => (
          <Row
            key={file.fileId}
            file={file}
            isChosen={chosen.has(file.fileId)}
            onChoose={(isChosen) => choose([file.fileId], isChosen)}
          />
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetching} m="md">
          {words.more}
        </Button>
      )}
      {isDeleting && (
        <ConfirmDialog
          title={texts.dialogs.deleteTitle(selected.length)}
          confirm={texts.dialogs.deleteNow}
          onConfirm={() => void deleteForGood(selected)}
          onClose={() => setDeleting(false)}
        />
      )}
      {isAsking && (
        <ConfirmDialog
          title={words.emptyQuestion}
          confirm={words.emptyNow}
          onConfirm={() => void empty()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

interface RowProps {
  readonly file: TrashedFile;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

function Row({ file, isChosen, onChoose }: RowProps) {
  const { fileId, name, filePath, totalSize, purgeAt } = file;
  return (
    <li className={styles.file}>
      <Checkbox
        aria-label={texts.library.select(name)}
        checked={isChosen}
        onChange={({ currentTarget: { checked } }) => onChoose(checked)}
      />
      <TrashedThumbnail file={file} />
      <div className={styles.words}>
        <span className={styles.name}>{name}</span>
        <Text size="xs" c="dimmed">
          {filePath} · {sizeText(totalSize)} · {words.forGood(dateText(purgeAt))}
        </Text>
      </div>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<RotateCcw size={14} />}
        aria-label={`${words.restore} ${name}`}
        onClick={() => void restoreFiles([{ fileId, name }])}
      >
        {words.restore}
      </Button>
    </li>
  );
}
