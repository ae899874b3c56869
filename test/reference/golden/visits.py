"""Visits OMERO.web's pages, keeps their bodies, and says which failed: visits.py WEB_PORT IDS.json FOLDER OUT.json"""
import sys, os, json, time, re, requests
base = "http://127.0.0.1:%s" % sys.argv[1]
IDS = json.load(open(sys.argv[2])); T = IDS["table"]; SAVE = sys.argv[3]; OUT = sys.argv[4]; os.makedirs(SAVE, exist_ok=True)
G, G2, U, DS2 = IDS["lab"], IDS["other"], IDS["user"], IDS["dataset2"]
s = requests.Session()
rows = []
seq = 0
import itertools
def visit(path, method="get", ok=(200,), check=None, **k):
    path = path.replace("group=5", "group=%d" % G).replace("searchGroup=5", "searchGroup=%d" % G).replace("experimentergroups/5/", "experimentergroups/%d/" % G).replace("load_chgrp_target/6/", "load_chgrp_target/%d/" % G2).replace("active_group=6", "active_group=%d" % G2).replace("experimenter_id=2", "experimenter_id=%d" % U).replace("shapes/1", "shapes/%d" % IDS["shape"])
    try:
        r = s.request(method, base + path, timeout=120, **k)
        code, n, body = r.status_code, len(r.content), r
    except Exception as e:
        code, n, body = repr(e)[:60], 0, None
        if "MaxRetry" in code: sys.exit("no server")
    if body is not None:
        global seq; seq += 1
        open("%s/%03d_%s" % (SAVE, seq, re.sub(r"\W+", "_", method + path)[:100]), "wb").write(body.content)
    good = code in ok
    note = ""
    if good and check:
        try:
            note = check(body); 
            if note is False: good = False
        except Exception as e: good = False; note = "CHECK " + repr(e)[:100]
    if not good and body is not None:
        m = re.search(r"<title>(.*?)</title>", body.text, re.S) or re.search(r"exception_value\">(.*?)<", body.text, re.S)
        note = str(note) + " " + (re.sub(r"\s+", " ", m.group(1))[:120] if m else body.text[:120].replace("\n", " "))
        m = re.search(r'<pre class="exception_value">(.*?)</pre>', body.text, re.S)
        if m: note += " | " + re.sub(r"\s+", " ", m.group(1))[:160]
    rows.append((method + " " + path, good, str(note)[:200]))
    return body
def js(*keys):
    def f(r):
        d = r.json()
        return (str({k: (len(d[k]) if isinstance(d[k], list) else d[k]) for k in keys}) if keys else str(d)[:110])
    return f
visit("/webclient/login/")
tok = s.cookies.get("csrftoken")
H = {"X-CSRFToken": tok or "", "Referer": base + "/webclient/login/"}
r = visit("/webclient/login/", "post", ok=(302, 200), data={"username": "user", "password": "pass", "server": 1, "csrfmiddlewaretoken": tok}, headers=H, allow_redirects=False, check=lambda r: r.status_code == 302)
H["X-CSRFToken"] = s.cookies.get("csrftoken") or ""
visit("/webclient/")
visit("/webclient/keepalive_ping/?_=1")
for u in ["/webclient/api/groups/", "/webclient/api/experimenters/-1/", "/webclient/api/containers/?id=2&page=0&group=5&experimenter_id=2", "/webclient/api/datasets/?id=1&page=0&group=5", "/webclient/api/images/?id=1&page=0&group=5&thumbVersion=true&date=true&sizeXYZ=true",
          "/webclient/api/plates/?id=1&page=0&group=5", "/webclient/api/plate_acquisitions/?id=1&page=0&group=5", "/webclient/api/images/?orphaned=true&id=2&page=0&group=5", "/webclient/api/paths_to_object/?image=1", "/webclient/api/parent_links/?image=1",
          "/webclient/api/tags/?page=0&group=5&experimenter_id=2", "/webclient/api/annotations/?image=1&type=tag", "/webclient/api/annotations/?image=1", "/webclient/api/annotations/?type=map&dataset=1", "/webclient/api/annotations/?dataset=1&type=file", "/webclient/api/shares/"]:
    visit(u, check=js())
for u in ["/webclient/group_user_content/", "/webclient/activities/", "/webclient/metadata_details/image/1/", "/webclient/metadata_details/dataset/1/", "/webclient/metadata_details/project/1/", "/webclient/metadata_details/screen/1/", "/webclient/metadata_details/plate/1/", "/webclient/metadata_details/well/1/", "/webclient/metadata_acquisition/image/1/", "/webclient/metadata_preview/image/1/", "/webclient/metadata_hierarchy/image/1/",
          "/webclient/load_plate/plate/1/", "/webclient/load_plate/acquisition/1/", "/webclient/load_calendar/", "/webclient/history/", "/webclient/load_searching/", "/webclient/load_searching/form/?query=img&datatype=images&field=name&searchGroup=5&ownedBy=2", "/webclient/search/", "/webclient/usertags/", "/webclient/list_scripts/", "/webclient/avatar/2/", "/webclient/load_chgrp_groups/?Image=1", "/webclient/load_chgrp_target/6/dataset/", "/webclient/load_original_metadata/1/", "/webclient/img_detail/1/"]:
    visit(u)
for u in ["/webclient/render_thumbnail/1/", "/webclient/render_thumbnail/size/96/1/", "/webgateway/render_thumbnail/1/", "/webgateway/render_image/1/0/0/", "/webgateway/render_image/1/1/0/?c=1|0:1000$FF0000,-2,-3&m=c&p=normal&q=0.9", "/webgateway/render_image/1/1/0/?p=intmax", "/webgateway/render_image_region/1/0/0/?region=0,0,32,32", "/webgateway/render_image_region/1/0/0/?tile=0,0,0", "/webgateway/render_birds_eye_view/1/", "/webgateway/render_split_channel/1/0/0/", "/webgateway/render_row_plot/1/0/0/10/", "/webgateway/render_col_plot/1/0/0/10/", "/webgateway/render_ome_tiff/i/1/"]:
    def img(r):
        from PIL import Image; import io
        if not r.headers.get("content-type", "").startswith("image"): return r.headers.get("content-type") + " " + r.text[:60]
        i = Image.open(io.BytesIO(r.content)); return "%s %s" % (i.format, i.size)
    visit(u, check=img)
for u in ["/webgateway/imgData/1/", "/webgateway/get_thumbnails/?id=1&id=2", "/webgateway/get_thumbnail/1/", "/webgateway/get_rois_json/1/", "/webgateway/histogram_json/1/channel/0/", "/webgateway/getImgRDef/", "/webgateway/get_image_rdefs_json/1/", "/webgateway/luts/", "/webgateway/plate/1/", "/webgateway/plate/1/0/", "/webgateway/proj/list/", "/webgateway/proj/1/detail/", "/webgateway/proj/1/children/", "/webgateway/dataset/1/detail/", "/webgateway/dataset/1/children/", "/webgateway/well/1/children/", "/webgateway/wellData/1/", "/webgateway/search/?text=img", "/webgateway/original_file_paths/1/", "/webgateway/open_with/", "/webgateway/annotations/Dataset/1/", "/webgateway/get_image_rdefs_json/2/"]:
    visit(u, check=js())
visit("/webgateway/saveImgRDef/1/?c=1|0:500$00FF00,-2,3&m=c&p=normal&z=2&t=1", "post", headers=H, data={})
visit("/webgateway/copyImgRDef/?fromid=1", "post", headers=H, data={"toids": 2, "to_type": "image"}, check=js())
visit("/webgateway/resetRDef/?toids=1&to_type=image", "post", headers=H, data={"toids": 1, "to_type": "image"}, check=js())
visit("/webgateway/luts_png/")
A = "/api/v0/m/"
for u in ["/api/", "/api/v0/", "/api/v0/servers/", A + "projects/", A + "projects/1/", A + "datasets/", A + "projects/1/datasets/", A + "datasets/1/", A + "images/", A + "datasets/1/images/", A + "datasets/1/projects/", A + "images/1/", A + "images/1/datasets/", A + "images/?orphaned=true", A + "images/?thumbnails=true", A + "projects/?childCount=true", A + "screens/", A + "screens/1/", A + "plates/", A + "plates/1/", A + "screens/1/plates/", A + "wells/", A + "wells/1/", A + "plates/1/wells/", A + "wells/1/plates/", A + "plates/1/plateacquisitions/", A + "plateacquisitions/1/", A + "plateacquisitions/1/wellsampleindex/0/wells/", A + "plates/1/wellsampleindex/0/wells/", A + "rois/", A + "images/1/rois/", A + "rois/1/", A + "shapes/", A + "shapes/1/", A + "experimenters/", A + "experimenters/2/", A + "experimentergroups/", A + "experimentergroups/5/", A + "experimentergroups/5/experimenters/", A + "experimenters/2/experimentergroups/"]:
    visit(u, check=js())
def table(T):
    for u in ["/webclient/omero_table/%d/" % T, "/webclient/omero_table/%d/json/" % T, "/webclient/omero_table/%d/json/?query=Uid>2" % T, "/webgateway/table/%d/query/?query=Uid>2" % T, "/webgateway/table/%d/query/?query=*" % T, "/webgateway/table/%d/metadata/" % T, "/webgateway/table/%d/rows/?rows=1-3" % T, "/webgateway/table/%d/slice/?rows=0,1&columns=0" % T, "/webgateway/table/%d/rows/?query=Uid>2" % T, "/webgateway/table/Dataset/1/query/?query=Uid>2", "/webgateway/table/%d/obj_id_bitmask/?query=Uid>2&col_name=Uid" % T]:
        visit(u)
    visit("/webclient/omero_table/%d/csv/" % T)
if T: table(T)
# writes
H["Referer"] = base + "/webclient/"
visit("/webclient/action/addnewcontainer/", "post", headers=H, data={"folder_type": "dataset", "name": "fromweb"}, check=js())
visit("/webclient/annotate_comment/", "post", headers=H, data={"image": 1, "comment": "hello", "csrfmiddlewaretoken": H["X-CSRFToken"]})
visit("/webclient/annotate_tags/", "post", headers=H, data={"image": 1, "newtags-0-tag": "t1", "newtags-0-description": "", "newtags-0-tagset": "", "newtags-TOTAL_FORMS": 1, "newtags-INITIAL_FORMS": 0, "newtags-MAX_NUM_FORMS": 1000, "csrfmiddlewaretoken": H["X-CSRFToken"]})
visit("/webclient/annotate_map/", "post", headers=H, data={"image": 1, "mapAnnotation": json.dumps([["k", "v"]]), "csrfmiddlewaretoken": H["X-CSRFToken"]})
visit("/webclient/annotate_rating/", "post", headers=H, data={"image": 1, "rating": 3, "csrfmiddlewaretoken": H["X-CSRFToken"]})
visit("/webclient/annotate_file/", "post", headers=H, data={"image": 1, "csrfmiddlewaretoken": H["X-CSRFToken"]}, files={"annotation_file": ("a.txt", b"hello", "text/plain")})
visit("/webclient/api/links/", "post", headers={**H, "Content-Type": "application/json"}, data=json.dumps({"dataset": {str(DS2): {"image": [1]}}}), check=js())
visit("/webclient/api/links/", "delete", headers={**H, "Content-Type": "application/json"}, data=json.dumps({"dataset": {str(DS2): {"image": [1]}}}), check=js())
visit("/webclient/edit_channel_names/1/", "post", headers=H, data={"channel0": "A", "channel1": "B", "channel2": "C", "save": "save"})
visit("/webclient/fileset_check/delete/?Image=1")
visit("/webclient/action/savename/image/1/", "post", headers=H, data={"name": "newname"}, check=js())
visit("/webclient/action/deletemany/", "post", headers=H, data={"Dataset": [DS2]}, check=js())
for i in range(3):
    time.sleep(0.3); visit("/webclient/activities_json/")
visit("/webclient/chgrpDryRun/", "post", headers=H, data={"group_id": G2, "Image": "2"})
visit("/webclient/chgrp/", "post", headers=H, data={"group_id": G2, "Image": "2"})
for i in range(2):
    time.sleep(0.3); visit("/webclient/activities_json/")
visit(A.replace("/m/", "/m/save/") + "?group=5", "post", headers={**H, "Content-Type": "application/json"}, data=json.dumps({"@type": "http://www.openmicroscopy.org/Schemas/OME/2016-06#Project", "Name": "apiproj"}), ok=(201,))
visit("/webadmin/"); visit("/webadmin/experimenters/"); visit("/webadmin/groups/"); visit("/webadmin/myaccount/"); visit("/webadmin/stats/")
visit("/webclient/active_group/?active_group=6", ok=(200, 302))
visit("/webclient/logout/", "post", headers=H, ok=(200, 302), allow_redirects=False)
json.dump(rows, open(OUT, "w"))
