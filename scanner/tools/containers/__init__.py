"""Walks through containers: chunks, boxes, segments, directories. They read structure, and judge nothing."""
