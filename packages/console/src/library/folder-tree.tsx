import { Loader, Stack } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronRight, Folder } from "lucide-react";
import { useEffect, useState } from "react";
import { asProblem } from "../api/problem.ts";
import { LateWords } from "../shell/late-words.tsx";
import { texts } from "../texts/texts.ts";
import { dropFolder } from "./drag-items.ts";
import styles from "./folder-tree.module.css";
import { folderOf, splatOf } from "./library-state.ts";
import { useFolders } from "./use-folders.ts";

/** A branch lists so many folders at first. The grid beside it has all of them. */
const listedAtOnce = 100;

interface TreeProps {
  /** Called when a folder has been chosen. */
  readonly onGo?: (() => void) | undefined;
}

/** The folders of the library as a tree. The branch of the folder that is shown is open. */
export function FolderTree({ onGo }: TreeProps) {
  const { _splat } = useParams({ strict: false }) as { readonly _splat?: string };
  const shown = _splat === undefined ? undefined : folderOf(_splat);
  return (
    <div className={styles.tree} role="group" aria-label={texts.library.tree}>
      <Branch path="/" shown={shown} onGo={onGo} depth={0} />
    </div>
  );
}

interface BranchProps extends TreeProps {
  readonly path: string;
  readonly shown: string | undefined;
  readonly depth: number;
}

function Branch({ path, shown, depth, onGo }: BranchProps) {
  const { folders, error } = useFolders(path);
  const [listed, setListed] = useState(listedAtOnce);
  if (error) return <p className={styles.problem}>{asProblem(error).message}</p>;
  if (folders === undefined)
    return (
      <Stack align="flex-start" gap={0} ms={`${depth + 1}rem`}>
        <Loader size="xs" type="dots" aria-hidden />
        <LateWords />
      </Stack>
    );
  if (folders.length === 0) return null;
  return (
    <ul className={styles.branch}>
      {folders.slice(0, listed).map(({ folderPath, name }) => (
        <Twig key={folderPath} path={folderPath} name={name} shown={shown} depth={depth} onGo={onGo} />
      ))}
      {folders.length > listed && (
        <li>
          <button type="button" className={styles.more} onClick={() => setListed(listed + listedAtOnce)}>
            {texts.library.moreFolders(folders.length - listed)}
          </button>
        </li>
      )}
    </ul>
  );
}

function Twig({ path, name, shown, depth, onGo }: BranchProps & { readonly name: string }) {
  const isBelow = shown?.startsWith(`${path}/`) === true;
  const [isOpen, setOpen] = useState(isBelow);
  useEffect(() => {
    if (isBelow) setOpen(true);
  }, [isBelow]);
  return (
    <li>
      <div className={styles.twig} style={{ paddingInlineStart: `${depth * 0.9}rem` }} {...dropFolder(path)}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={isOpen}
          aria-label={isOpen ? texts.library.collapse(name) : texts.library.expand(name)}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRight size={14} aria-hidden />
        </button>
        <Link
          to="/library/$"
          params={{ _splat: splatOf(path) }}
          className={styles.link}
          activeOptions={{ exact: true, includeSearch: false }}
          onClick={onGo}
        >
          <Folder size={16} aria-hidden />
          <span>{name}</span>
        </Link>
      </div>
      {isOpen && <Branch path={path} shown={shown} depth={depth + 1} onGo={onGo} />}
    </li>
  );
}
