export default function Screen() { return <div class="body"><main class="panel" /></div>; }
