"""A disk whose power may go at any moment, rebuilt from what strace saw a program do to it.

What was written is there for every reader at once. It survives the power only once the file was synced after it, and a
file's name only once its folder was. A sync that fails is the worst there is (https://danluu.com/fsyncgate/): the system takes
the pages for written, so what was written before it never reaches the disk, unless it is written again.
"""
import re

SECTOR = 512
CALL = re.compile(rb"^(?P<thread>\d+) +(?P<time>[\d.]+) (?P<rest>.*)$")
RESUMED = re.compile(rb"^<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)$")
RESULT = re.compile(rb"\) += (?P<result>-?\d+)")
FD = re.compile(rb"^(\d+)")
TEXT = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')


def unescaped(text):
    return bytes.fromhex(text.replace(b"\\x", b"").decode())


class Inode:
    def __init__(self):
        self.durable, self.cached, self.pending = bytearray(), bytearray(), []

    def change(self, change):
        apply(self.cached, change)
        self.pending.append(change)

    def synced(self, number):
        for change in self.pending[:number]:
            apply(self.durable, change)
        del self.pending[:number]

    def sync_failed(self, number):
        del self.pending[:number]


def apply(content, change):
    offset, data = change
    if data is None:
        content[offset:] = b""
        content.extend(b"\0" * (offset - len(content)))
        return
    content.extend(b"\0" * (offset + len(data) - len(content)))
    content[offset:offset + len(data)] = data


def sectors(change):
    """A write in the pieces that a disk takes whole."""
    offset, data = change
    if data is None:
        return [change]
    cuts = [offset, *range(offset - offset % SECTOR + SECTOR, offset + len(data), SECTOR), offset + len(data)]
    return [(start, data[start - offset:end - offset]) for start, end in zip(cuts, cuts[1:])]


class Disk:
    """The files below one folder, and the answers that were sent meanwhile."""

    def __init__(self, folder):
        self.folder = str(folder).encode()
        self.names, self.durable_names, self.name_changes = {}, {}, []
        self.open, self.folders, self.positions = {}, {}, {}
        self.answered, self.failed_syncs = set(), 0

    def take(self, path):
        """A file that lay there before."""
        name = str(path).encode()
        inode = Inode()
        inode.durable[:] = inode.cached[:] = path.read_bytes()
        self.names[name] = self.durable_names[name] = inode

    def rename(self, old, new):
        if old in self.names:
            self.names[new] = self.names.pop(old)
            self.name_changes += [(old, None), (new, self.names[new])]

    def after_power_loss(self, chance):
        """What is on the disk: what was synced, and of the rest each piece by chance (0: nothing, 1: all)."""
        names = dict(self.durable_names)
        for name, inode in self.name_changes:
            if chance():
                names[name] = inode
                if inode is None:
                    names.pop(name)
        files = {}
        for name, inode in names.items():
            content = bytearray(inode.durable)
            for change in inode.pending:
                for piece in sectors(change):
                    if chance():
                        apply(content, piece)
            files[name[len(self.folder) + 1:].decode()] = bytes(content)
        return files

    # ---- What the program called; each says what is to be done once it returned.

    def begin(self, name, arguments):
        handler = getattr(self, f"call_{name.decode()}", None)
        return handler(arguments) if handler else None

    def descriptor(self, arguments):
        return int(FD.match(arguments).group(1))

    def call_openat(self, arguments):
        path, flags = unescaped(TEXT.search(arguments).group(1)), arguments.rsplit(b'"', 1)[1]

        def done(fd):
            self.open.pop(fd, None), self.folders.pop(fd, None)
            if fd < 0 or not (path + b"/").startswith(self.folder + b"/"):
                return
            if b"O_DIRECTORY" in flags or path == self.folder:
                self.folders[fd] = path
                return
            if path not in self.names:
                self.names[path] = Inode()
                self.name_changes.append((path, self.names[path]))
            self.open[fd], self.positions[fd] = self.names[path], 0
            if b"O_TRUNC" in flags:
                self.open[fd].change((0, None))
        return done

    def call_close(self, arguments):
        # At once: before the call returns, another thread may have got the same number for another file.
        fd = self.descriptor(arguments)
        self.open.pop(fd, None), self.folders.pop(fd, None)

    def call_lseek(self, arguments):
        fd = self.descriptor(arguments)
        return lambda result: self.positions.__setitem__(fd, result)

    def call_write(self, arguments):
        fd = self.descriptor(arguments)
        if fd not in self.open:
            return self.call_sendto(arguments)
        inode, data = self.open[fd], unescaped(TEXT.search(arguments).group(1))

        def done(result):
            if result > 0:
                inode.change((self.positions[fd], data[:result]))
                self.positions[fd] += result
        return done

    def call_pwrite64(self, arguments):
        fd = self.descriptor(arguments)
        if fd not in self.open:
            return None
        inode, data = self.open[fd], unescaped(TEXT.search(arguments).group(1))
        offset = int(arguments.rsplit(b'"', 1)[1].split(b",")[2].split(b")")[0].split()[0])
        return lambda result: inode.change((offset, data[:result])) if result > 0 else None

    def call_ftruncate(self, arguments):
        fd = self.descriptor(arguments)
        inode, size = self.open.get(fd), int(re.search(rb", (\d+)", arguments).group(1))
        return lambda result: inode.change((size, None)) if result == 0 and inode else None

    def call_fsync(self, arguments):
        fd = self.descriptor(arguments)
        if fd in self.folders:
            return lambda result: self.folder_synced(self.folders[fd]) if result == 0 else None
        if fd not in self.open:
            return None
        inode = self.open[fd]
        number = len(inode.pending)

        def done(result):
            if result == 0:
                inode.synced(number)
            else:
                self.failed_syncs += 1
                inode.sync_failed(number)
        return done

    call_fdatasync = call_fsync

    def folder_synced(self, folder):
        rest = []
        for name, inode in self.name_changes:
            if name.rsplit(b"/", 1)[0] != folder:
                rest.append((name, inode))
            elif inode is None:
                self.durable_names.pop(name, None)
            else:
                self.durable_names[name] = inode
        self.name_changes = rest

    def call_unlink(self, arguments):
        path = unescaped(TEXT.search(arguments).group(1))

        def done(result):
            if result == 0 and self.names.pop(path, None):
                self.name_changes.append((path, None))
        return done

    call_unlinkat = call_unlink

    def call_rename(self, arguments):
        old, new = (unescaped(text) for text in TEXT.findall(arguments)[:2])
        return lambda result: self.rename(old, new) if result == 0 else None

    call_renameat = call_renameat2 = call_rename

    def call_sendto(self, arguments):
        """An answer counts from when it may have left, so as early as can be."""
        text = TEXT.search(arguments)
        said = unescaped(text.group(1)) if text else b""
        if said.startswith(b"HTTP/1.1 201"):
            self.answered |= {match.decode() for match in re.findall(rb'"reference":"(SR-\w{26})"', said)}
        return None

    call_writev = call_sendto


def replay(disk, lines):
    """Lets the disk go through the trace, and says after each call which it was and what came of it."""
    under_way = {}
    for line in lines:
        call = CALL.match(line)
        if not call:
            continue
        thread, rest = call["thread"], call["rest"]
        resumed = RESUMED.match(rest)
        if resumed:
            name, done = under_way.pop(thread, (resumed["name"], None))
            rest = b")" + resumed["rest"] if b")" not in resumed["rest"] else resumed["rest"]
        else:
            name, _, arguments = rest.partition(b"(")
            if not arguments:
                continue
            done = disk.begin(name, arguments)
            if rest.endswith(b"<unfinished ...>"):
                under_way[thread] = (name, done)
                continue
        result = RESULT.search(rest)
        if done and result:
            done(int(result["result"]))
        yield name, int(result["result"]) if result else None
