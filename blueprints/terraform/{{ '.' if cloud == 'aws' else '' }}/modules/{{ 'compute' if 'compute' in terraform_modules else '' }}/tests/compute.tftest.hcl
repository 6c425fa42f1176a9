mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_data "aws_default_tags" {
    defaults = {
      tags = {
        Project = "acme"
      }
    }
  }

  mock_data "aws_ssm_parameter" {
    defaults = {
      insecure_value = "ami-00000000000000000"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_iam_instance_profile" {
    defaults = {
      arn = "arn:aws:iam::111122223333:instance-profile/mock"
    }
  }

  mock_resource "aws_launch_template" {
    defaults = {
      id             = "lt-00000000000000000"
      latest_version = 1
    }
  }
}

variables {
  name        = "acme-dev"
  vpc_id      = "vpc-00000000000000000"
  subnet_ids  = ["subnet-00000000000000001", "subnet-00000000000000002"]
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
}

run "hardens_the_instances" {
  command = plan

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_tokens == "required" && aws_launch_template.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "The metadata service has to ask for a token and stay on the instance."
  }

  assert {
    condition     = aws_launch_template.this.block_device_mappings[0].ebs[0].encrypted == "true" && aws_launch_template.this.block_device_mappings[0].ebs[0].kms_key_id == var.kms_key_arn
    error_message = "Volumes have to be encrypted with the key."
  }

  assert {
    condition     = aws_launch_template.this.image_id == "ami-00000000000000000"
    error_message = "The image has to come from the SSM parameter."
  }

  assert {
    condition     = aws_launch_template.this.key_name == null && length(aws_vpc_security_group_ingress_rule.client) == 0
    error_message = "There must be no key pair and no open port."
  }

  assert {
    condition     = aws_iam_role_policy_attachment.session_manager.policy_arn == "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    error_message = "Session Manager has to be able to reach the instances."
  }
}

run "scales_between_its_bounds" {
  command = apply

  assert {
    condition     = aws_autoscaling_group.this.min_size == 2 && aws_autoscaling_group.this.max_size == 4 && aws_autoscaling_group.this.health_check_type == "EC2"
    error_message = "The group has to keep to its bounds and judge instances by EC2 without a load balancer."
  }

  assert {
    condition     = aws_autoscaling_policy.cpu.autoscaling_group_name == aws_autoscaling_group.this.name && aws_autoscaling_policy.cpu.target_tracking_configuration[0].target_value == 60
    error_message = "The group has to follow its CPU use."
  }

  assert {
    condition     = toset([for t in aws_autoscaling_group.this.tag : "${t.key}=${t.value}"]) == toset(["Name=acme-dev", "Project=acme"])
    error_message = "The provider's default tags have to reach the group."
  }

  assert {
    condition     = alltrue([for s in aws_launch_template.this.tag_specifications : s.tags["Project"] == "acme"])
    error_message = "The provider's default tags have to reach instances and volumes."
  }

  assert {
    condition     = output.autoscaling_group_name == aws_autoscaling_group.this.name && output.security_group_id == aws_security_group.instance.id && output.role_name == "acme-dev-instance"
    error_message = "Group, security group and role have to be handed out."
  }
}

run "stands_behind_a_load_balancer" {
  command = plan

  variables {
    target_group_arns = ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/acme/0000000000000000"]
    ingress = {
      balancer = {
        port              = 8080
        security_group_id = "sg-00000000000000000"
      }
    }
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "ELB"
    error_message = "The load balancer has to decide about the health of an instance."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.client["balancer"].from_port == 8080 && aws_vpc_security_group_ingress_rule.client["balancer"].referenced_security_group_id == "sg-00000000000000000"
    error_message = "The load balancer has to reach the instances."
  }
}

run "rejects_ssh" {
  command = plan

  variables {
    ingress = {
      office = {
        port              = 22
        security_group_id = "sg-00000000000000000"
      }
    }
  }

  expect_failures = [var.ingress]
}

run "rejects_a_maximum_below_the_minimum" {
  command = plan

  variables {
    min_size = 3
    max_size = 2
  }

  expect_failures = [var.max_size]
}

run "rejects_other_bad_values" {
  command = plan

  variables {
    name               = "acme_dev"
    subnet_ids         = ["subnet-00000000000000001"]
    kms_key_arn        = "alias/acme-dev"
    instance_type      = "medium"
    ami_ssm_parameter  = "ami-00000000000000000"
    min_size           = -1
    target_cpu_percent = 100
    root_volume_size   = 4
  }

  expect_failures = [
    var.name,
    var.subnet_ids,
    var.kms_key_arn,
    var.instance_type,
    var.ami_ssm_parameter,
    var.min_size,
    var.target_cpu_percent,
    var.root_volume_size,
  ]
}
