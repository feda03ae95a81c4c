"""Exports of newspaper databases (Nexis, Factiva, ProQuest …): one small module per database, whatever they come in.

A file becomes lines (`documents`), whether it is text, DOCX, RTF or HTML; `signs` says which database they are from;
the database's module takes them apart into papers, and `paper` makes an item of each.
"""
