"""The witness beside a cluster: a hidden participant that tells what media really arrived, in the same
reports as this server's own witness does."""
