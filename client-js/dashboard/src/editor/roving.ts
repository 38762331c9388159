// Where the arrow keys lead in a toolbar of `count` buttons, of which one at a time is a stop of Tab.
export function moved(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case "ArrowRight": return (index + 1) % count;
    case "ArrowLeft": return (index + count - 1) % count;
    case "Home": return 0;
    case "End": return count - 1;
    default: return undefined;
  }
}
