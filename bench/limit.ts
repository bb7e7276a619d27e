/**
 * Programs that get no more memory than they are given: by a control group of Linux, which counts
 * all that is resident, and ends a program that needs more.
 *
 * @module
 */
import type { Command } from "./process.ts";

/**
 * Makes a group of version 1 or 2, goes into it, and removes it when the program has ended. Pages of
 * files that are only kept in case they are read again count as well, and make room.
 */
const SCRIPT = `
bytes=$1
shift
for root in /sys/fs/cgroup/memory /sys/fs/cgroup; do
  group="$root/elbo-$$"
  mkdir "$group" 2>/dev/null || continue
  for file in memory.limit_in_bytes memory.max; do
    [ -e "$group/$file" ] || continue
    echo "$bytes" > "$group/$file" && echo $$ > "$group/cgroup.procs" || continue
    "$@"
    code=$?
    echo $$ > "$root/cgroup.procs"
    rmdir "$group"
    exit $code
  done
  rmdir "$group"
done
echo "no control group of memory may be made here: that takes the rights of root" >&2
exit 1
`;

/** A program that gets so many bytes of memory; it does not start where that cannot be had. */
export function limited({ program, args }: Command, bytes: number): Command {
  return { program: "sh", args: ["-c", SCRIPT, "sh", String(bytes), program, ...args] };
}
