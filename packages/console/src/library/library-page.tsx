import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { asProblem } from "../api/problem.ts";
import { useMayChange } from "../door/session.ts";
import { LibrarySearch } from "../search/library-search.tsx";
import { useQueryProblem } from "../search/use-query-problem.ts";
import { ProblemState, State } from "../shell/states.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { dropUploads } from "../uploads/drop-uploads.ts";
import { onChange } from "./changes.ts";
import type { Choice } from "./choice.ts";
import { deleteItems, hasTrash } from "./delete-items.ts";
import { EmptyView } from "./empty-view.tsx";
import { FileChain } from "./file-chain.ts";
import { FileGrid } from "./file-grid.tsx";
import { type Item, isFolder, keyOf } from "./items.ts";
import type { LibraryFolder } from "./library-file.ts";
import styles from "./library-page.module.css";
import { folderOf, type LibraryState, nameOf, splatOf, standardSort } from "./library-state.ts";
import { LikeBar } from "./like-bar.tsx";
import { ListHead } from "./list-head.tsx";
import { isFolderView, listingOf } from "./listing.ts";
import type { OpenDialog } from "./open-dialog.ts";
import { chainOf, placeOf } from "./places.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useFolders } from "./use-folders.ts";
import { entryOf } from "./use-place.ts";
import { useSelection } from "./use-selection.ts";
import { useSelectionKeys } from "./use-selection-keys.ts";

/** After the files have been shown for this time, nothing else needs the network. */
const restMs = 1000;
/** More items than this are deleted only after a question, although it can be undone. */
const maxUnasked = 1000;

const noFolders: readonly LibraryFolder[] = [];

const loadDetails = () => import("../details/details.tsx");
const Details = lazy(async () => ({ default: (await loadDetails()).Details }));
const loadDialogs = () => import("../dialogs/dialogs.tsx");
const Dialogs = lazy(async () => ({ default: (await loadDialogs()).Dialogs }));

/** The library: one folder, or what a search has found. */
export function LibraryPage() {
  const { _splat } = useParams({ from: "/library/$" });
  const state = useSearch({ from: "/library/$" }) as LibraryState;
  const folder = folderOf(_splat);
  const navigate = useNavigate({ from: "/library/$" });
  const router = useRouter();
  const mayChange = useMayChange();
  const [dialog, setDialog] = useState<OpenDialog>();
  const isFolderShown = isFolderView(state);
  const { q, everywhere, sort, similar, duplicates, view = "grid" } = state;

  const shown = JSON.stringify([folder, q, everywhere, sort, similar, duplicates]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view of the list is another grid
  const place = useMemo(() => placeOf(entryOf(router.latestLocation), shown), [shown, view]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` has what makes another list
  const listing = useMemo(() => listingOf(folder, state), [shown]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where a list begins is asked once
  const chain = useMemo(() => chainOf(shown, place, (first) => new FileChain(listing, first)), [listing]);
  const list = useSyncExternalStore(chain.subscribe, chain.current);
  const { folders, isWhole, error: foldersError, refetch: refetchFolders } = useFolders(folder, isFolderShown);
  const shownFolders = (isFolderShown ? folders : undefined) ?? noFolders;
  const hasAllFolders = isWhole || !isFolderShown;
  const selection = useSelection({ listing, list, folders: shownFolders, hasAllFolders });

  // The first click on a file or on a button need not wait for the code of what it opens.
  useEffect(() => {
    if (list.isLoading) return;
    // What could not be loaded now is loaded when it is asked for.
    const timer = setTimeout(() => void Promise.allSettled([loadDetails(), loadDialogs()]), restMs);
    return () => clearTimeout(timer);
  }, [list.isLoading]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list is another selection
  useEffect(() => selection.clear(), [chain]);
  useEffect(
    () =>
      onChange((change) => {
        if (change.kind === "removed") {
          chain.remove(change.keys);
          // Files that the view hasn't loaded may have gone as well.
          chain.reload();
          selection.drop(change.keys);
        } else if (change.kind === "replaced") {
          chain.replace(change.files);
          selection.replace(change.files);
        } else chain.reload();
      }),
    [chain, selection.drop, selection.replace],
  );

  const setState = useCallback(
    (change: Partial<Record<keyof LibraryState, LibraryState[keyof LibraryState] | undefined>>) =>
      void navigate({
        search: (before: LibraryState) => {
          const after = Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined);
          return Object.fromEntries(after) as LibraryState;
        },
      }),
    [navigate],
  );
  const open = useCallback(
    (item: Item) => {
      if (isFolder(item)) void navigate({ params: { _splat: splatOf(item.folderPath) }, search: keptState });
      else setState({ file: item.fileId });
    },
    [navigate, setState],
  );

  /** Deletes at once where that can be undone quickly, and asks otherwise. */
  function askToDelete(choice: Choice): void {
    if (!mayChange || !choice.areFoldersKnown) return;
    const isLarge = choice.count === undefined || choice.count > maxUnasked;
    if (!hasTrash() || choice.folders.length > 0 || isLarge) setDialog({ kind: "delete", choice });
    else deleteItems(choice).catch(tellProblem);
  }
  useSelectionKeys(selection, askToDelete);

  useHotkeys([
    ["n", () => mayChange && setDialog({ kind: "new folder" })],
    [
      "Escape",
      ({ target }) => {
        // The key closes a dialog or a menu alone, also one that opens just now and doesn't have the focus yet.
        if (target instanceof Element && target.closest("[role=dialog], [role=menu]")) return;
        if (document.querySelector("[role=dialog][aria-modal=true], [role=menu]")) return;
        if (state.file === undefined) selection.clear();
        else setState({ file: undefined });
      },
    ],
  ]);

  const { mistake, isAsking } = useQueryProblem(q, list.problem);
  const isEmpty = list.total === 0 && shownFolders.length === 0 && !list.isLoading;
  const like =
    similar !== undefined
      ? ({ how: "similar", fileId: similar } as const)
      : duplicates !== undefined
        ? ({ how: "duplicates", fileId: duplicates } as const)
        : undefined;
  const openFile = list.files.find(({ fileId }) => fileId === state.file);

  return (
    <div className={styles.page} {...(mayChange && dropUploads(folder))}>
      <h1 className="unseen">{headingOf(folder, state)}</h1>
      <Toolbar
        folder={folder}
        state={state}
        list={list}
        mayChange={mayChange}
        onChange={setState}
        onNewFolder={() => setDialog({ kind: "new folder" })}
      />
      <LibrarySearch folder={folder} state={state} problem={mistake} onChange={setState} />
      {like && (
        <LikeBar {...like} onBack={() => setState({ similar: undefined, duplicates: undefined, file: undefined })} />
      )}
      {!selection.isEmpty && (
        <SelectionBar
          selection={selection}
          mayChange={mayChange}
          onDialog={setDialog}
          onDelete={askToDelete}
          onLike={(how, fileId) => {
            const none = { q: undefined, everywhere: undefined, file: undefined };
            setState({ ...none, similar: undefined, duplicates: undefined, [how]: fileId });
          }}
        />
      )}
      {list.problem && list.problem.status !== 0 && list.files.length > 0 && !mistake && (
        <div className={styles.problem} role="alert">
          <span>{list.problem.message}</span>
          <Button size="compact-sm" variant="default" onClick={() => chain.reload()}>
            {texts.problem.again}
          </Button>
        </div>
      )}
      <div className={styles.body}>
        <div className={styles.list}>
          {isAsking ? null : mistake ? (
            <State
              level={2}
              title={texts.search.wrong}
              help={texts.search.mistake(mistake.position + 1, mistake.problem)}
              picture={<SearchX size={40} strokeWidth={1.5} aria-hidden />}
            >
              <Button variant="default" onClick={() => setState({ q: undefined, everywhere: undefined })}>
                {texts.library.clearSearch}
              </Button>
            </State>
          ) : list.problem && list.files.length === 0 ? (
            <ProblemState level={2} problem={list.problem} onAgain={() => chain.reload()} />
          ) : foldersError && folders === undefined ? (
            <ProblemState level={2} problem={asProblem(foldersError)} onAgain={() => void refetchFolders()} />
          ) : isEmpty ? (
            <EmptyView folder={folder} state={state} mayChange={mayChange} onChange={setState} />
          ) : (
            <>
              {view === "list" && <ListHead sort={sort ?? standardSort} onSort={(next) => setState({ sort: next })} />}
              <FileGrid
                key={shown + view}
                list={shown}
                place={place}
                areFoldersKnown={!isFolderShown || folders !== undefined}
                folders={shownFolders}
                chain={list}
                view={view}
                selection={selection}
                openFile={state.file}
                onShow={(first, last) => chain.show(first, last)}
                onOpen={open}
                onDelete={askToDelete}
                onRename={(item) => mayChange && setDialog({ kind: "rename", item })}
              />
            </>
          )}
        </div>
        <Suspense>
          {state.file !== undefined && (
            <Details
              key={state.file}
              fileId={state.file}
              known={openFile}
              mayChange={mayChange}
              onClose={() => setState({ file: undefined })}
              onDialog={setDialog}
              onChange={setState}
            />
          )}
        </Suspense>
      </div>
      <Suspense>
        {dialog && (
          <Dialogs key={dialogKey(dialog)} dialog={dialog} folder={folder} onClose={() => setDialog(undefined)} />
        )}
      </Suspense>
      <span className="unseen" role="status">
        {list.isLoading ? texts.shell.loading : ""}
      </span>
    </div>
  );
}

function headingOf(folder: string, { q, similar, duplicates }: LibraryState): string {
  if (similar !== undefined) return texts.details.similar;
  if (duplicates !== undefined) return texts.details.duplicates;
  if (q !== undefined) return texts.search.results(q);
  return folder === "/" ? texts.library.root : nameOf(folder);
}

/** Keeps the part of the state that stays when another folder is opened. */
function keptState({ sort, view }: LibraryState): LibraryState {
  return { ...(sort !== undefined && { sort }), ...(view !== undefined && { view }) };
}

function dialogKey(dialog: OpenDialog): string {
  return dialog.kind + ("item" in dialog ? keyOf(dialog.item) : "");
}
